import Engine
import Glibc
import Syntax

/// A script that is kept under a name: `./queries/NAME.crm`, or the same among the user's own.
struct SavedQuery: Hashable {
  var name: String
  var path: String

  /// Those that there are, by name; of two of one name the one in the working folder.
  static func all(_ permissions: Permissions) -> [SavedQuery] {
    var found: [SavedQuery] = []
    for folder in folders {
      for path in FileNames.paths(beginningWith: folder + "/") where path.hasSuffix(ending) {
        let name = String(TextFile.name(of: path).dropLast(ending.count))
        let isKnown = found.contains { $0.name == name }
        guard !isKnown, permissions.allows(path), TextFile.isRegular(path) else { continue }
        found.append(SavedQuery(name: name, path: path))
      }
    }
    return found.sorted { $0.name < $1.name }
  }

  /// The one of that name.
  static func named(_ name: String, _ permissions: Permissions) -> SavedQuery? {
    guard !name.isEmpty, !name.contains("/") else { return nil }
    let base = name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : name
    return all(permissions).first { $0.name == base }
  }

  /// The path of a script: what it names, or else the saved query of that name.
  static func path(of script: String, _ permissions: Permissions) -> String {
    if script == "-" || access(script, F_OK) == 0 { return script }
    return named(script, permissions)?.path ?? script
  }

  /// `./queries`, then `$XDG_DATA_HOME/rapport/queries`, which lies under the home folder otherwise.
  static var folders: [String] {
    let own = Environment.folder("XDG_DATA_HOME", orHome: ".local/share")
    return ["queries"] + [own.map { $0 + "/rapport/queries" }].compactMap(\.self)
  }

  private static let ending = ".crm"

  /// What its head says, or why it cannot be read.
  func head() throws(Failure) -> Head {
    switch ScriptRunner.read(path) {
    case .failure(let problem): throw Failure(ScriptRunner.reason(problem, path: path), at: nil)
    case .success(let bytes):
      if let offset = ScriptRunner.firstOffsetNotText(in: bytes) {
        let line = bytes[..<offset].count { $0 == 0x0A } + 1
        throw Failure(ShellReason.scriptNotText(path, line: line), at: nil)
      }
      return try Head(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// What a script says of itself before its first statement, and the parameters it uses.
  struct Head {
    /// The whole script.
    var text: String
    /// The first line of comment that declares nothing.
    var meaning: String?
    /// Those it declares, then those it only uses.
    var parameters: [ScriptParameters.Parameter]

    init(_ text: String) throws(Failure) {
      self.text = text
      parameters = try ScriptParameters(headOf: text).parameters
      meaning = Self.firstComment(of: text)
      let bytes = Array(text.utf8)
      var lastWord = ""
      var given = Set(parameters.map { $0.name.lowercased() })
      for token in Lexer.scan(bytes).tokens {
        let range = token.range.lowerBound..<token.range.upperBound
        let word = String(decoding: bytes[range], as: UTF8.self)
        if token.kind == .word, lastWord == "let" { given.insert(word.lowercased()) }
        lastWord = token.kind == .word ? word.lowercased() : ""
        guard token.kind == .parameter else { continue }
        let name = String(word.dropFirst())
        if given.insert(name.lowercased()).inserted { parameters.append(.init(name: name)) }
      }
    }

    private static func firstComment(of text: String) -> String? {
      for line in text.split(whereSeparator: \.isNewline) {
        let line = line.drop(while: \.isWhitespace)
        if line.isEmpty || line.hasPrefix("#!") { continue }
        guard line.hasPrefix("--") else { return nil }
        let comment = line.drop { $0 == "-" }.drop(while: \.isWhitespace)
        if !comment.isEmpty, comment.first != "$" { return String(comment) }
      }
      return nil
    }
  }
}

extension Environment {
  /// A folder of the user's, from a variable or below the home folder.
  static func folder(_ variable: String, orHome path: String) -> String? {
    if let folder = Self[variable], folder.hasPrefix("/") { return folder }
    guard let home = Self["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/" + path
  }
}
