// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/api/documents.h"
#include "client/api/list_answer.h"

namespace s2c {

/// What of a collection is read.
struct ListQuery {
  std::string type;                 ///< "inference", "factbase", "knowledgebase"
  std::vector<std::string> fields;  ///< asked for where the server takes that; empty: all
  std::string filter;               ///< flask-rest-jsonapi's JSON array; empty: none
  std::size_t page_size = 100;      ///< of the first page
  std::uint64_t limit = 0;  ///< rows that are wanted, so that no others are asked for; 0: all
  /// Of inferences: the factbases come along, where the server takes that. `fields` has the
  /// relation, too.
  bool with_factbases = false;
};

struct Page {
  JsonDocument document;  ///< what the rows point into
  std::vector<Row> rows;  ///< by falling id, none twice; never empty
};
using PagePtr = std::shared_ptr<const Page>;

/// Reads a collection, newest first, one request per page and the next one on its way while a page
/// is used. The next page is asked for by the last id (`id < 17`), not by its number: so rows that
/// come and go meanwhile shift nothing, a server that gives fewer rows than asked is no matter, and
/// the last id is all that is remembered. By number, dropping what is not below the last id, where
/// the server takes no such filter. Who reads on gets larger pages, up to ten times the first one,
/// as long as they stay small in bytes. The list ends where the server's count, its links and what
/// came agree that it does, else with a page that has nothing new. One thread at a time.
class PageReader {
 public:
  /// `source` must outlive this.
  PageReader(DocumentSource& source, ListQuery query);

  /// Null at the end. After a failure there is nothing more to read.
  Result<PagePtr> Next();

  /// Asks for the page after the last one that Next() gave, if there is one. Next() does so itself
  /// from the second page on: who has read one whole page will read the others.
  void Prefetch();

  /// Next() begins again, with the pages that were kept: those at the beginning, the first in any
  /// case, as far as they are small.
  void Rewind();

  /// Goes to the row at `index`, counted from the newest: Next() gives its page, and this its place
  /// there; nothing where the list is shorter. At most two requests, where the server counts its
  /// rows and gives as many as are asked for, else all pages before it.
  Result<std::optional<std::size_t>> Seek(std::uint64_t index);

  /// Whether the first page is there.
  bool begun() const { return begun_; }
  /// Bytes of JSON of the pages that were kept.
  std::size_t kept_size() const { return kept_size_; }
  /// How many rows there are, once the first page is there: those that came, once all have; before,
  /// what the server says, or nothing where that cannot be right.
  std::optional<std::uint64_t> count() const { return count_; }
  /// Whether all pages were kept: there is nothing more to ask for.
  bool whole() const { return is_empty_ || (!kept_.empty() && kept_.back().after.ended); }
  /// Whether the page that Next() gives is one of those that were kept.
  bool next_is_kept() const { return place_ < kept_.size(); }
  /// Whether the server has taken ListQuery::filter, once the first page is there.
  bool filtered() const { return with_filter_; }

 private:
  /// Where a page begins.
  struct Position {
    std::optional<std::int64_t> below;  ///< the last id
    std::uint64_t number = 0;           ///< of the page, where pages are asked for by number
    std::size_t size = 0;               ///< rows to ask for; 0: as of the first page
    std::uint64_t answers = 0;          ///< pages that came before
    std::uint64_t rows = 0;             ///< of those, as far as they were given
    bool all = true;                    ///< no row before was passed over
    int barren = 0;                     ///< the last ones of those that had nothing new
    bool counts = true;                 ///< the server's counts could be right so far
    std::optional<std::uint64_t> left;  ///< rows below the last id, by its count
    bool doubtful = false;              ///< nothing says that there is more
    bool loose = false;                 ///< the first page was in no order
    bool ended = false;
  };
  struct Kept {
    PagePtr page;
    Position after;
  };
  /// A page that is on its way.
  struct Ahead {
    std::uint64_t answers = 0;  ///< tells its position, with the last id before it
    std::optional<std::int64_t> below;
    std::unique_ptr<Exchange> exchange;
  };

  Parameters QueryAt(const Position& position) const;
  Result<std::string> Await(Exchange& exchange) const;
  Result<std::string> Fetch();
  Result<std::string> FetchNextInSize();
  Result<std::string> FetchFirst();
  Result<std::string> FetchFirstInSize();
  Result<std::string> FetchFirstWithInclude();
  bool IsUnderWay() const;
  void Send();
  Result<PagePtr> Lost(bool has_strange_rows) const;
  Result<PagePtr> Take(const JsonDocument& document, std::size_t bytes);
  std::optional<std::size_t> SeekKept(std::uint64_t& index);
  Result<bool> Jump(std::uint64_t index);
  void Advance(const ListAnswer& answer, std::size_t bytes);
  std::uint64_t NumberAt(const Position& position) const;
  std::size_t SizeAt(const Position& position) const;
  std::size_t SizeAfter(const ListAnswer& answer, std::size_t bytes) const;

  DocumentSource& source_;
  const ListQuery query_;
  bool with_fields_;
  bool with_filter_;
  bool with_size_;
  bool with_include_;
  bool begun_ = false;
  bool warned_ = false;    ///< of rows that are left out
  bool is_empty_ = false;  ///< there is not one page
  std::optional<std::uint64_t> count_;
  std::size_t first_given_ = 0;     ///< rows of the first answer, the size of a page by number
  std::size_t largest_ = SIZE_MAX;  ///< page that has turned out to be possible

  Position position_;  ///< after the last page that was given
  PagePtr sought_;     ///< the page that Next() gives, where it is there already
  Ahead ahead_;

  std::vector<Kept> kept_;
  std::size_t kept_size_ = 0;
  std::size_t place_ = 0;  ///< among kept_
};

}  // namespace s2c
