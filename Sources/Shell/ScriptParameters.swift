import Engine
import Syntax

/// The parameters a script declares in the comment at its head, one a line:
///
/// ```
/// -- $region text = north: the region to report on
/// -- $days integer: how far back
/// ```
///
/// Type, default and description may each be left out. A line about a parameter that has several
/// words, but neither `=` nor `:`, declares nothing.
struct ScriptParameters {
  /// The types a parameter may be declared with.
  static let typeNames = [
    "text", "number", "integer", "money", "date", "flag", "period", "duration",
  ]

  /// A value of a type as it is given to a parameter: `since=2026-01-31`.
  static func example(of type: String, name: String) -> String {
    let value =
      switch type {
      case "number": "2.5"
      case "integer": "30"
      case "money": "1200.50"
      case "date": "2026-01-31"
      case "flag": "yes"
      case "period": "'last month'"
      case "duration": "'30 days'"
      default: "north"
      }
    return name + "=" + value
  }

  /// One declared parameter.
  struct Parameter: Hashable {
    var name: String
    /// One of `typeNames`; nil takes anything.
    var type: String?
    /// What it is when nobody gives it a value.
    var byDefault: String?
    /// What it is for.
    var meaning: String?
  }

  /// In the order of the text.
  private(set) var parameters: [Parameter] = []

  /// Reads the comment at the head of a script.
  ///
  /// - Throws: `Failure` for declarations that cannot be read, with their places in the text.
  init(headOf text: String) throws(Failure) {
    var diagnostics: [Diagnostic] = []
    for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("#!") || line.isEmpty { continue }
      guard line.hasPrefix("--") else { break }
      let comment = line.dropFirst(2).drop(while: \.isWhitespace)
      guard comment.first == "$" else { continue }
      do throws(Fault) {
        if let parameter = try Self.parameter(comment.dropFirst()) { parameters.append(parameter) }
      } catch {
        diagnostics.append(error.diagnostic(in: text))
      }
    }
    if !diagnostics.isEmpty { throw Failure(diagnostics) }
  }

  private static func parameter(_ text: Substring) throws(Fault) -> Parameter? {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard let first = name.first, !first.isNumber else { return nil }
    var parameter = Parameter(name: String(name))
    var rest = text.dropFirst(name.count)
    let colon = rest.unquotedIndex(of: ":")
    if let colon {
      let meaning = rest[colon...].dropFirst().drop(while: \.isWhitespace)
      parameter.meaning = meaning.isEmpty ? nil : String(meaning)
      rest = rest[..<colon]
    }
    let equal = rest.unquotedIndex(of: "=")
    if let equal {
      parameter.byDefault = rest[equal...].dropFirst().trimmed.unquoted
      rest = rest[..<equal]
    }
    let words = rest.split(whereSeparator: \.isWhitespace)
    guard let type = words.first else { return parameter }
    if words.count > 1, colon == nil, equal == nil { return nil }
    guard typeNames.contains(type.lowercased()) else { throw Fault(word: type, isType: true) }
    parameter.type = type.lowercased()
    if words.count > 1 { throw Fault(word: words[1], isType: false) }
    return parameter
  }

  /// A word of a declaration that cannot stand there.
  private struct Fault: Error {
    var word: Substring
    /// Whether it stands where the type is due, rather than behind it.
    var isType: Bool

    func diagnostic(in text: String) -> Diagnostic {
      let start = text.utf8.distance(from: text.startIndex, to: word.startIndex)
      let range = SourceRange(start, start + word.utf8.count)
      guard isType else {
        return Diagnostic(ShellReason.parameterWord(String(word)), at: range)
      }
      let near = NearNames.nearest(to: String(word), among: ScriptParameters.typeNames)
      return Diagnostic(
        ShellReason.unknownParameterType(String(word), near: near), at: range,
        fixes: near.first.map { [Fix(range, $0)] } ?? [])
    }
  }

  /// Gives the session each default, and says what is missing or of another type.
  func give(to session: Session, script: String) -> ShellReason? {
    for parameter in parameters {
      if let byDefault = parameter.byDefault {
        session.giveDefault(byDefault, toParameter: parameter.name)
      }
      guard session.hasParameter(parameter.name) || session.askParameter != nil else {
        return .parameterMissing(parameter.name, script: script, meaning: parameter.meaning)
      }
      if let type = parameter.type, let value = session.writtenParameter(parameter.name),
        !session.canRead(value, as: type)
      {
        return .parameterType(parameter.name, value: value, type: type)
      }
    }
    return nil
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return text
  }

  fileprivate var unquoted: String {
    guard count >= 2, let first, first == last, first == "\"" || first == "'" else {
      return String(self)
    }
    return String(dropFirst().dropLast())
  }

  /// The first such character that stands in no quotes.
  fileprivate func unquotedIndex(of character: Character) -> Index? {
    var quote: Character?
    for index in indices {
      let next = self[index]
      if let open = quote {
        if next == open { quote = nil }
      } else if next == "\"" || next == "'" {
        quote = next
      } else if next == character {
        return index
      }
    }
    return nil
  }
}
