// The answer as a tree for a terminal:
//
//   s3://claims-reports/report#age_of_car  double
//   └─ dynamodb:claims#age_of_car  double
//        identity; decides rows: filter (age_of_car < 0.7), sort
//        by job glue-etl-demo-job, run jr_5f… (COMPLETE), through insurance.claims (made by glue-dynamo-crawler)
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lineage/query.h"

namespace mastic::lineage {
namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  for (auto& c : made) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

class Tree {
 public:
  Tree(const Graph& graph, Direction direction) : graph_(graph), direction_(direction) {}

  std::string draw() {
    line("", 0);
    shown_.insert(0);
    children(0, "");
    if (graph_.links.empty()) {
      text_ += direction_ == Direction::upstream ? "   nothing that is known comes into it\n"
                                                 : "   nothing that is known comes of it\n";
    }
    if (graph_.cut) text_ += "   (there is more: ask with a greater depth)\n";
    return std::move(text_);
  }

 private:
  void line(const std::string& lead, std::size_t index) {
    const auto& node = graph_.nodes[index];
    text_ += lead + short_text_of(node.name);
    if (!node.column.empty()) text_ += "#" + node.column;
    if (!node.type.empty()) text_ += "  " + node.type;
    if (index == 0 && !node.other_names.empty()) {
      text_ += "  (also";
      for (const auto& other : node.other_names) text_ += " " + short_text_of(other);
      text_ += ")";
    }
    text_ += '\n';
  }

  static std::string words(const Link& link, bool all_rows) {
    std::string made;
    for (const auto& how : link.how) {
      if (how.all_rows != all_rows) continue;
      if (!made.empty()) made += ", ";
      made += lower(how.subtype);
      if (!how.description.empty()) made += " " + how.description;
      if (how.masking) made += " (masked)";
    }
    return made;
  }

  void details(const std::string& lead, const Link& link) {
    auto how = words(link, false);
    const auto rows = words(link, true);
    if (!rows.empty()) how += (how.empty() ? "decides rows: " : "; decides rows: ") + rows;
    if (!how.empty()) text_ += lead + how + '\n';
    text_ += lead + fmt::format("by {} {}, {} ({})", link.job_type == "CRAWLER" ? "crawler" : "job", link.job_name,
                                short_run(link.run_key), lower(link.run_state));
    if (link.via) {
      text_ += ", through " + short_text_of(*link.via);
      if (!link.via_job.empty()) text_ += " (made by " + link.via_job + ")";
    }
    text_ += '\n';
  }

  static std::string short_run(const std::string& run_key) {
    constexpr std::size_t shown = 15;
    return run_key.size() <= shown ? run_key : run_key.substr(0, shown) + "…";
  }

  void children(std::size_t of, const std::string& indent) {
    std::vector<const Link*> links;
    for (const auto& link : graph_.links)
      if ((direction_ == Direction::upstream ? link.to : link.from) == of) links.push_back(&link);
    // What a column is made of comes before what only decides its rows.
    std::ranges::stable_sort(links, {}, [](const Link* link) {
      return std::ranges::none_of(link->how, [](const How& how) { return !how.all_rows; });
    });
    for (std::size_t i = 0; i < links.size(); ++i) {
      const bool last = i + 1 == links.size();
      const auto child = direction_ == Direction::upstream ? links[i]->from : links[i]->to;
      const bool again = !shown_.insert(child).second;
      line(indent + (last ? "└─ " : "├─ "), child);
      const auto below = indent + (last ? "   " : "│  ");
      details(below + "  ", *links[i]);
      const bool has_more = std::ranges::any_of(
          graph_.links, [&](const Link& link) { return (direction_ == Direction::upstream ? link.to : link.from) == child; });
      if (again && has_more) {
        text_ += below + "  (see above)\n";
      } else if (!again) {
        children(child, below);
      }
    }
  }

  const Graph& graph_;
  const Direction direction_;
  std::set<std::size_t> shown_;
  std::string text_;
};

}  // namespace

std::string to_text(const Graph& graph, Direction direction) { return Tree(graph, direction).draw(); }

}  // namespace mastic::lineage
