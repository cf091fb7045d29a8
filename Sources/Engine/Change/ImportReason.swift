import Store
import Syntax

/// Why an import is refused as a whole, with the words. What is wrong with single cells comes from
/// the reader as `CellProblem`.
enum ImportReason: Reason {
  /// A name in `map`, `matching` or `with reference` that is no column of the file.
  case unknownColumn(String, near: [String])
  /// Two columns that would become the same field.
  case fieldTwice(String, headers: [String])
  /// The singular of an entity where its plural is due.
  case singularEntity(String, plural: String)
  /// An entity that `with reference … to` names and that is not there.
  case unknownEntity(String, near: [String])
  /// A choice that the field does not have.
  case unknownChoice(String, field: String, names: [String])
  /// `map … to field (…)` on a field that is no choice.
  case notAChoice(String)
  /// A field that is computed and cannot be imported.
  case computedField(String)
  /// `matching` a field that the file or the entity lacks.
  case matchingMissing(String, entity: String)
  /// `matching` a field whose value two records share.
  case ambiguousMatch(String, field: String)
  /// `matching` in an import of changes, which are not changed themselves.
  case matchingHistory(entity: String)
  /// A file whose columns read two ways or whose currency signs differ.
  case cell(CellProblem)

  var code: String {
    switch self {
    case .unknownColumn: "unknown-column"
    case .fieldTwice: "field-twice"
    case .singularEntity: "singular-entity"
    case .unknownEntity: "unknown-entity"
    case .unknownChoice: "unknown-choice"
    case .notAChoice: "not-a-choice"
    case .computedField: "computed-field"
    case .matchingMissing: "matching-missing"
    case .ambiguousMatch: "ambiguous-match"
    case .matchingHistory: "history-by-hand"
    case .cell(let problem): problem.code
    }
  }

  var message: String {
    switch self {
    case .unknownColumn(let name, _): "the file has no column '\(name)'"
    case .fieldTwice(let field, let headers):
      "the columns \(headers.map { "'\($0)'" }.joined(separator: " and ")) both become '\(field)'"
    case .singularEntity(let name, _): "'\(name)' is one record; an entity has a plural name"
    case .unknownEntity(let name, _): "there is no entity '\(name)'"
    case .unknownChoice(let name, let field, _): "'\(field)' has no choice '\(name)'"
    case .notAChoice(let field): "'\(field)' is no choice, so its values are not translated"
    case .computedField(let field): "'\(field)' is computed and takes no values"
    case .matchingMissing(let field, let entity):
      "'matching' needs '\(field)' in the file and in \(entity)"
    case .ambiguousMatch(let value, let field): "two records have the \(field) '\(value)'"
    case .matchingHistory(let entity):
      "'\(entity)' record changes; they are imported, not changed by 'matching'"
    case .cell(let problem): EngineReason.store(.cell(problem)).message
    }
  }

  var hint: String? {
    switch self {
    case .unknownColumn(_, let near):
      near.isEmpty ? nil : "the file has \(near.map { "'\($0)'" }.joined(separator: ", "))"
    case .fieldTwice(let field, let headers):
      "map \"\(headers.last ?? "")\" to \(field)_2"
    case .singularEntity(_, let plural): "import \(plural) from …"
    case .unknownEntity(_, let near): near.first.map { "a close name is '\($0)'" }
    case .unknownChoice(_, _, let names): "its choices are \(names.joined(separator: ", "))"
    case .notAChoice: nil
    case .computedField: "map the column to a field of another name"
    case .matchingMissing: nil
    case .ambiguousMatch: "match by a field whose values are unique"
    case .matchingHistory: "leave 'matching' out"
    case .cell(let problem): problem.hint
    }
  }
}
