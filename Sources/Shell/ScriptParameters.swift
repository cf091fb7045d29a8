import Engine
import Syntax

/// The parameters a script declares in the comment at its head, one a line:
///
/// ```
/// -- $region text = north: the region to report on
/// -- $days integer: how far back
/// ```
///
/// Type, default and description may each be left out.
struct ScriptParameters {
  /// The types a parameter may be declared with.
  static let typeNames = [
    "text", "number", "integer", "money", "date", "flag", "period", "duration",
  ]

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
  init(headOf text: String) {
    for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      if line.hasPrefix("#!") || line.isEmpty { continue }
      guard line.hasPrefix("--") else { return }
      let comment = line.dropFirst(2).drop(while: \.isWhitespace)
      if comment.first == "$", let parameter = Self.parameter(comment.dropFirst()) {
        parameters.append(parameter)
      }
    }
  }

  private static func parameter(_ text: Substring) -> Parameter? {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard !name.isEmpty else { return nil }
    var parameter = Parameter(name: String(name))
    var rest = text.dropFirst(name.count).drop(while: \.isWhitespace)
    if let colon = rest.range(of: ":", afterQuotes: true) {
      let meaning = rest[colon...].dropFirst().drop(while: \.isWhitespace)
      parameter.meaning = meaning.isEmpty ? nil : String(meaning)
      rest = rest[..<colon]
    }
    let word = rest.prefix { $0.isLetter }
    if typeNames.contains(word.lowercased()) {
      parameter.type = word.lowercased()
      rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
    }
    if rest.first == "=" {
      parameter.byDefault = rest.dropFirst().trimmed.unquoted
      return parameter
    }
    return rest.trimmed.isEmpty ? parameter : nil
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
  fileprivate func range(of character: Character, afterQuotes: Bool) -> Index? {
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
