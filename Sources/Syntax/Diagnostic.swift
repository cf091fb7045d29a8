/// One thing that went wrong, as facts in words: what was found, what was expected, where, and how
/// to mend it. Every stage reports through it, and only `Shell/DiagnosticPrinter` lays it out.
package struct Diagnostic: Hashable, Sendable {
  /// Stable name of the kind of error, such as `unknown-field`.
  package var code: String
  /// What was found and expected; lower case, quotes names, no full stop.
  package var message: String
  /// The place in the statement's text, where there is one.
  package var range: SourceRange?
  /// At most one hint naming something the reader can type.
  package var hint: String?
  /// The edits that turn the statement into the one the hint offers, in any order.
  package var fixes: [Fix]
  /// The edits of each reading, where a statement reads two ways; `fixes` is empty then.
  package var readings: [[Fix]]

  /// Makes a diagnostic from a stage's reason.
  package init(
    _ reason: some Reason, at range: SourceRange?, fixes: [Fix] = [], readings: [[Fix]] = []
  ) {
    self.code = reason.code
    self.message = reason.message
    self.range = range
    self.hint = reason.hint
    self.fixes = fixes
    self.readings = readings
  }
}

/// One replacement in a statement's text.
package struct Fix: Hashable, Sendable {
  /// What is replaced.
  package var range: SourceRange
  /// What stands there instead.
  package var replacement: String

  /// Makes a replacement.
  package init(_ range: SourceRange, _ replacement: String) {
    self.range = range
    self.replacement = replacement
  }
}

extension [Fix] {
  /// The text with all replacements made.
  ///
  /// - Precondition: The ranges lie inside the text, in whole characters, and do not overlap.
  package func applied(to text: String) -> String {
    var bytes = [UInt8](text.utf8)
    let ordered = enumerated().sorted { left, right in
      let (one, other) = (left.element.range, right.element.range)
      if one.lowerBound != other.lowerBound { return one.lowerBound > other.lowerBound }
      if one.upperBound != other.upperBound { return one.upperBound > other.upperBound }
      return left.offset > right.offset
    }
    for (_, fix) in ordered {
      bytes.replaceSubrange(fix.range.lowerBound..<fix.range.upperBound, with: fix.replacement.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Why a stage refuses: an enum of facts per stage conforms, and holds its words.
package protocol Reason {
  /// Stable name of the kind of error, such as `unknown-field`.
  var code: String { get }
  /// What was found and expected; lower case, quotes names, no full stop.
  var message: String { get }
  /// At most one hint naming something the reader can type.
  var hint: String? { get }
}

/// What a stage throws: one to five diagnostics, the first one first in the text.
package struct Failure: Error, Sendable {
  /// What kind of end this is; the exit status follows from it.
  package enum Kind: Sendable {
    /// A statement that is wrong or cannot be carried out: exit status 1.
    case statement
    /// Data that cannot be opened, is damaged or is busy: exit status 3.
    case data
    /// Stopped by the user: exit status 130.
    case interrupted
  }

  /// The largest number of diagnostics one failure carries.
  package static let diagnosticCountMax = 5

  /// What kind of end this is.
  package var kind: Kind
  /// One to five diagnostics, in the order of the text.
  package var diagnostics: [Diagnostic]

  /// Makes a failure, keeping the first five diagnostics.
  package init(_ diagnostics: [Diagnostic], kind: Kind = .statement) {
    precondition(!diagnostics.isEmpty, "a failure needs a diagnostic")
    self.kind = kind
    self.diagnostics = Array(diagnostics.prefix(Self.diagnosticCountMax))
  }

  /// Makes a failure of one diagnostic.
  package init(
    _ reason: some Reason, at range: SourceRange?, fixes: [Fix] = [], kind: Kind = .statement
  ) {
    self.init([Diagnostic(reason, at: range, fixes: fixes)], kind: kind)
  }
}
