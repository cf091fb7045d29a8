import Store
import Syntax

/// What is being inlined where a query names it: a computed field, a segment or a standard; or the
/// definition that a statement is just making.
struct OpenName {
  /// What it names.
  enum Subject: Equatable {
    case field(EntityID, FieldID)
    /// By folded name.
    case segment(String)
    case standard(String)
    case action(String)
  }

  var subject: Subject
  /// What it is called, in the path of a cycle.
  var name: String
  /// Where the query names it: errors inside it are reported there. Nil for the definition that a
  /// statement is making: that text is the statement's own.
  var range: SourceRange?

  /// Whether it is a computed field.
  var isField: Bool { if case .field = subject { true } else { false } }
}

/// What a name in a definition's own text stands for.
enum Mention: Hashable {
  case entity(EntityID)
  case field(EntityID, FieldID)
  /// By folded name.
  case segment(String)
  case standard(String)
}

extension Binder {
  /// Whether what is being bound stands for a name in the statement, rather than in it.
  var isInlining: Bool { openNames.contains { $0.range != nil } }

  /// Where the statement names what is being inlined, outermost first.
  var inliningRange: SourceRange? { openNames.lazy.compactMap(\.range).first }

  /// Whether facts about what is being bound are facts about a computed field, which nobody asked.
  var isInField: Bool { openNames.contains { $0.isField && $0.range != nil } }

  /// Remembers what a name stands for, in a definition that is being made or looked through.
  mutating func mention(_ mention: Mention, at range: SourceRange) {
    guard !openNames.isEmpty, !isInlining else { return }
    mentions.append((range, mention))
  }

  /// Whether something is being inlined already; then it needs itself, which is reported.
  mutating func isOpen(_ subject: OpenName.Subject, _ name: String, at range: SourceRange) -> Bool {
    guard let start = openNames.firstIndex(where: { $0.subject == subject }) else { return false }
    let names = openNames[start...].map(\.name) + [name]
    let isOfFields = openNames[start...].allSatisfy(\.isField)
    if isOfFields {
      report(.fieldCycle(path: names), at: range)
    } else {
      report(.cycle(path: names), at: range)
    }
    return true
  }
}

extension Definition {
  /// What it was read from: the beginning of a statement that its text completes.
  var statementHead: String {
    switch kind {
    case .segment, .frozen: "define segment x as "
    case .standard: "define standard x as "
    case .action: "define action x "
    }
  }

  /// Its text as a tree; ranges count from the beginning of `statementHead`.
  func parsed() throws(Failure) -> DefineStatement.Definition {
    let statement = try Parser.parse(statementHead + text)
    guard case .define(let define) = statement.kind else {
      preconditionFailure("a definition's text completes its statement")
    }
    return define.definition
  }
}
