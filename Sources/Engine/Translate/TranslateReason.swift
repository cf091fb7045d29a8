import Syntax

/// Why a query cannot be said in SQL, with the words.
enum TranslateReason: Reason, Error {
  /// Something that no dialect says.
  case notInSQL(String)

  var code: String {
    switch self {
    case .notInSQL: "not-in-sql"
    }
  }

  var message: String {
    switch self {
    case .notInSQL(let words): "\(words) cannot be said in SQL"
    }
  }

  var hint: String? {
    switch self {
    case .notInSQL: "'into \"file.db\"' writes the answer into a database"
    }
  }
}
