// The sections of df.explain, by mode.
#include <fmt/format.h>

#include <array>

#include "spark/analyze/explain/explain.h"

namespace mastic::spark {
namespace {

void draw(const ExplainNode& node, const std::string& first, const std::string& rest, std::string& text) {
  text += first + node.text + "\n";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    draw(node.children[i], rest + (last ? "+- " : ":- "), rest + (last ? "   " : ":  "), text);
  }
}

std::string bytes_text(int64_t bytes) {
  constexpr int64_t kibi = 1024;
  if (bytes < 2 * kibi) return fmt::format("{}.0 B", bytes);
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double amount = static_cast<double>(bytes) / kibi;
  std::size_t unit = 0;
  while (amount >= 2 * kibi && unit + 1 < units.size()) {
    amount /= kibi;
    ++unit;
  }
  return fmt::format("{:.1f} {}", amount, units[unit]);
}

void add_statistics(ExplainNode& node) {
  if (node.relation != nullptr)
    node.text += fmt::format(", Statistics(sizeInBytes={})", bytes_text(size_guess(*node.relation)));
  for (auto& child : node.children) add_statistics(child);
}

// Leaves first, as Spark numbers them.
void number(ExplainNode& node, int& next, std::string& details) {
  for (auto& child : node.children) number(child, next, details);
  const int id = ++next;
  const auto name = node.text.substr(0, node.text.find_first_of(" ("));
  details += fmt::format("\n({}) {}\n", id, name);
  if (node.relation != nullptr && node.children.empty())
    details += fmt::format("Output [{}]: [{}]\n", node.relation->output.size(), attributes_text(node.relation->output));
  const auto arguments = node.text.size() > name.size() ? node.text.substr(name.size()) : std::string();
  if (!arguments.empty()) details += fmt::format("Arguments:{}{}\n", arguments.starts_with(' ') ? "" : " ", arguments);
  node.text = fmt::format("{} ({})", name, id);
}

std::string columns_text(const Relation& plan) {
  std::string columns;
  for (const auto& attribute : plan.output)
    columns += fmt::format("{}{}: {}", columns.empty() ? "" : ", ", attribute.name, simple_string(attribute.type));
  return columns;
}

}  // namespace

std::string tree_text(const ExplainNode& node) {
  std::string text;
  draw(node, "", "", text);
  return text;
}

std::string explain_text(const RelationPtr& plan, std::string_view mode, const PhysicalSettings& settings) {
  std::string kind(mode);
  for (auto& letter : kind) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  auto physical = physical_tree(plan, settings);
  if (kind == "formatted") {
    int next = 0;
    std::string details;
    number(physical, next, details);
    return fmt::format("== Physical Plan ==\n{}\n{}\n", tree_text(physical), details);
  }
  const auto physical_section = fmt::format("== Physical Plan ==\n{}", tree_text(physical));
  if (kind == "extended") {
    return fmt::format(
        "== Parsed Logical Plan ==\n{}\n== Analyzed Logical Plan ==\n{}\n{}\n== Optimized Logical Plan ==\n{}\n{}",
        tree_text(logical_tree(plan, PlanStage::parsed)), columns_text(*plan),
        tree_text(logical_tree(plan, PlanStage::analyzed)), tree_text(logical_tree(plan, PlanStage::optimized)),
        physical_section);
  }
  if (kind == "cost") {
    auto optimized = logical_tree(plan, PlanStage::optimized);
    add_statistics(optimized);
    return fmt::format("== Optimized Logical Plan ==\n{}\n{}", tree_text(optimized), physical_section);
  }
  return physical_section + "\n";
}

}  // namespace mastic::spark
