import Store
import Syntax

/// A definition or a computed field, and what the names in its text stand for.
struct DefinitionText {
  /// Whose text it is.
  enum Subject: Hashable {
    case definition(Definition)
    case field(EntityID, FieldID)
  }

  var subject: Subject
  /// What it is called: `segment gold`, `field customers.margin`.
  var label: String
  /// The text.
  var text: String
  /// What names stand for, by their bytes in the text, in order.
  var mentions: [(range: Range<Int>, mention: Mention)]
  /// Why it cannot be bound; nil when it can.
  var problem: String?

  /// The text with other spellings for what a name stands for.
  func renaming(_ mention: Mention, to name: String) -> String {
    var bytes = Array(text.utf8)
    let places = mentions.filter { $0.mention == mention }.map(\.range)
    for range in places.sorted(by: { $0.lowerBound > $1.lowerBound }) {
      bytes.replaceSubrange(range, with: Formatter.name(name).utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Catalog {
  /// The texts of all definitions and of the computed fields that did not come with rapport.
  func definitionTexts(today: Int) -> [DefinitionText] {
    let binder = Binder(catalog: self, today: today)
    var texts = definitions.filter { $0.kind != .frozen }.map { text(of: $0, binder) }
    for (index, entity) in entities.enumerated() {
      for place in entity.fields.indices where isOwn(FieldID(place), of: EntityID(index)) {
        guard let expression = entity.fields[place].expression else { continue }
        texts.append(text(of: FieldID(place), in: EntityID(index), expression, binder))
      }
    }
    return texts
  }

  /// Whether a field did not come with rapport.
  func isOwn(_ field: FieldID, of entity: EntityID) -> Bool {
    guard self[entity].isBuiltIn else { return true }
    guard let id = Self.shipped.entity(named: self[entity].name) else { return true }
    // A store of an older version may have had a field of that name.
    guard let known = Self.shipped[id].field(named: self[entity][field].name) else { return true }
    return Self.shipped[id][known].expression != self[entity][field].expression
  }

  /// What every store begins with.
  private static let shipped = Catalog.builtIn

  private func text(of definition: Definition, _ binder: Binder) -> DefinitionText {
    let head = definition.statementHead
    var result = DefinitionText(
      subject: .definition(definition), label: definition.label, text: definition.text,
      mentions: [])
    do throws(Failure) {
      let checked: CheckedDefinition
      switch try definition.parsed() {
      case .segment(var segment):
        segment.name.text = definition.name
        checked = try binder.check(segment)
      case .standard(var standard):
        standard.name.text = definition.name
        checked = try binder.check(standard)
      case .action(var action):
        action.name.text = definition.name
        checked = try binder.check(action)
      default: return result
      }
      result.add(checked.mentions, behind: head)
    } catch {
      result.problem = error.diagnostics[0].message
    }
    return result
  }

  private func text(
    of field: FieldID, in entity: EntityID, _ expression: String, _ binder: Binder
  ) -> DefinitionText {
    let head = "define field x.x as "
    var result = DefinitionText(
      subject: .field(entity, field),
      label:
        "field \(Formatter.name(self[entity].name)).\(Formatter.name(self[entity][field].name))",
      text: expression, mentions: [])
    do throws(Failure) {
      guard case .define(let define) = try Parser.parse(head + expression).kind,
        case .computedField(let definition) = define.definition
      else { return result }
      result.add(
        try binder.check(definition, as: field, of: entity).mentions, behind: head)
    } catch {
      result.problem = error.diagnostics[0].message
    }
    return result
  }
}

extension DefinitionText {
  fileprivate mutating func add(
    _ found: [(range: SourceRange, mention: Mention)], behind head: String
  ) {
    let start = head.utf8.count
    var seen: Set<Int> = []
    for (range, mention) in found
    where range.lowerBound >= start && seen.insert(range.lowerBound).inserted {
      mentions.append((range.lowerBound - start..<range.upperBound - start, mention))
    }
  }
}

extension Definition {
  /// What it is called as a whole: `segment vip`.
  var label: String {
    "\(kind == .frozen ? "segment" : kind.rawValue) \(Formatter.name(name))"
  }
}
