// SPDX-License-Identifier: MIT
#include "driver/run/order_options.h"

#include "client/base/text.h"

namespace s2c {
namespace {

std::string Value(CSLConstList options, const char* name) {
  return CSLFetchNameValueDef(options, name, "");
}

Status CheckGiven(const std::string& value, const char* name, const char* layer) {
  if (!Trim(value).empty()) return {};
  return Fail(ErrorKind::kInvalidInput, std::string("nothing to run: give -lco ") + name +
                                            "=…, an id or a title (ogrinfo S2C: " + layer +
                                            " lists them)");
}

}  // namespace

Result<OrderOptions> ReadOrderOptions(CSLConstList options) {
  OrderOptions read;
  RunOrder& order = read.order;
  order.knowledgebase = Value(options, "KNOWLEDGEBASE");
  order.factbase = Value(options, "FACTBASE");
  order.start = Value(options, "START");
  order.end = Value(options, "END");
  order.scale = Value(options, "SCALE");
  order.comment = Value(options, "COMMENT");
  order.favourite = CPLFetchBool(options, "FAVOURITE", false);
  read.wait = CPLFetchBool(options, "WAIT", false);
  read.name_field = Value(options, "NAME_FIELD");
  const Status knowledgebase = CheckGiven(order.knowledgebase, "KNOWLEDGEBASE", "knowledgebase");
  if (!knowledgebase) return Pass(knowledgebase);
  const Status factbase = CheckGiven(order.factbase, "FACTBASE", "factbase");
  if (!factbase) return Pass(factbase);
  const auto times = ReadTimeRange(order.start, order.end);
  if (!times) return Pass(times);
  const auto scale = ReadScale(order.scale);
  if (!scale) return Pass(scale);
  return read;
}

std::string OrderOptionsXml() {
  return "<LayerCreationOptionList>"
         "<Option name='KNOWLEDGEBASE' type='string' description='The model to run: its id, or a "
         "title that no other has'/>"
         "<Option name='FACTBASE' type='string' description='The data to run it on: an id, or a "
         "title that no other has'/>"
         "<Option name='START' type='string' description='First day (2021-03-01), or a time in "
         "ISO 8601'/>"
         "<Option name='END' type='string' description='Last day, or a time in ISO 8601'/>"
         "<Option name='SCALE' type='int' default='1' description='How many pixels of the "
         "factbase, along a side, make one of the result'/>"
         "<Option name='COMMENT' type='string' description='What the run is for'/>"
         "<Option name='FAVOURITE' type='boolean' default='NO' description='Marks the inference'/>"
         "<Option name='WAIT' type='boolean' default='NO' description='Waits until it has ended "
         "(S2C_WAIT_TIMEOUT, S2C_POLL_INTERVAL)'/>"
         "<Option name='NAME_FIELD' type='string' description='The attribute that names a feature; "
         "else name, if there is one'/>"
         "</LayerCreationOptionList>";
}

}  // namespace s2c
