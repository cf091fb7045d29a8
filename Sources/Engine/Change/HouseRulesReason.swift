import Store
import Syntax

/// Why a change of the house rules is refused, with the words.
enum HouseRulesReason: Reason {
  case unknownSetting(name: String, near: [String])
  case settingNeeded(Setting)
  /// A value that a setting cannot have; nil for unknown.
  case settingOutOfRange(Setting, value: Double?)
  case sharesOutOfOrder
  case ruleWithoutName(Entity, position: Int64)
  case ruleTwice(plural: String, name: String)
  case tooManyRules(plural: String, max: Int)
  /// A condition that cannot be read, and what is wrong with it.
  case brokenRule(plural: String, name: String, Diagnostic)
  case notOneExpression
  /// A cell that no group takes, and a position that a further group can have.
  case cellNotCovered([Int], next: Int64)
  /// The lowest rung, if there is one.
  case rungForAll(HouseRules.Rung?)

  var code: String {
    switch self {
    case .unknownSetting: "unknown-setting"
    case .settingNeeded: "setting-needed"
    case .settingOutOfRange, .sharesOutOfOrder: "setting-out-of-range"
    case .ruleWithoutName, .ruleTwice, .tooManyRules: "rule-name"
    case .brokenRule, .notOneExpression: "broken-rule"
    case .cellNotCovered: "cell-not-covered"
    case .rungForAll: "rung-for-all"
    }
  }

  var message: String {
    switch self {
    case .unknownSetting(let name, _): return "there is no setting '\(name)'"
    case .settingNeeded(let setting):
      return "the setting '\(setting.rawValue)' is needed: its value can change, it cannot go"
    case .settingOutOfRange(let setting, let value):
      let found = value.map { ExpressionText.text(.real($0), .number) } ?? "unknown"
      return "the setting '\(setting.rawValue)' has to be \(setting.bounds.words), not \(found)"
    case .sharesOutOfOrder:
      return "the setting 'pareto_a_share' has to be below 'pareto_b_share'"
    case .ruleWithoutName(let entity, let position):
      return "\(entity.singular) \(position) has no name"
    case .ruleTwice(let plural, let name): return "two of \(plural) are called '\(name)'"
    case .tooManyRules(let plural, let max): return "there can be \(max) \(plural) and no more"
    case .brokenRule(let plural, let name, let problem):
      return "the condition of '\(name)' in \(plural) is wrong: \(problem.message)"
    case .notOneExpression: return "it is not one condition"
    case .cellNotCovered(let cell, _):
      let scores = zip(RFMGroups.columns, cell).map { "\($0.name) = \($1)" }
      return "no group of rfm_groups takes \(scores.joined(separator: ", "))"
    case .rungForAll(let lowest?):
      return "the lowest rung, '\(lowest.name)', has to hold for everyone"
    case .rungForAll(nil): return "the ladder needs a rung that holds for everyone"
    }
  }

  var hint: String? {
    switch self {
    case .unknownSetting(_, let near):
      return near.isEmpty
        ? "'find settings' lists them" : "a close name is '\(near.joined(separator: "' or '"))'"
    case .settingNeeded(let setting):
      return "its first value: 'update setting \"\(setting.rawValue)\" set value = "
        + "\(ExpressionText.text(.real(setting.defaultValue), .number))'"
    case .settingOutOfRange, .sharesOutOfOrder, .ruleTwice, .tooManyRules, .notOneExpression:
      return nil
    case .ruleWithoutName(let entity, let position):
      return "'update \(entity.singular) \(position) set name = \"…\"'"
    case .brokenRule(_, _, let problem): return problem.hint
    case .cellNotCovered(_, let next):
      return "first 'add rfm_group position = \(next), name = \"others\", condition = \"yes\"'"
    case .rungForAll(let lowest?):
      return "'update ladder_rung \(lowest.position) set condition = \"yes\"'"
    case .rungForAll(nil):
      return "'add ladder_rung position = 1, name = \"contact\", condition = \"yes\"'"
    }
  }
}
