import Store
import Testing

@testable import Engine

/// What tests of analytic verbs share: small stores that are written statement by statement.
enum VerbTests {
  /// The built-in entities with customers 1 to `count`, on day 20,000: 2024-10-04.
  static func session(customers count: Int) throws -> Session {
    let session = try ChangeTests.session(
      Database(catalog: .builtIn, budget: Budget(limit: 1 << 28)))
    try add((0..<count).map { "add customer name = 'c\($0)'" }, to: session)
    return session
  }

  static func add(_ statements: [String], to session: Session) throws {
    for statement in statements { _ = try session.run(statement) }
  }

  /// The rows of an answer.
  static func rows(_ text: String, _ session: Session) throws -> [[Scalar]] {
    let cursor = try session.run(text).sections[0].cursor
    var rows: [[Scalar]] = []
    while let batch = try cursor.next() {
      rows += (0..<batch.count).map { row in batch.vectors.map { $0[row] } }
    }
    return rows
  }

  static func whole(_ value: Scalar) -> Int? {
    if case .word(let word) = value { Int(word) } else { nil }
  }

  static func real(_ value: Scalar) -> Double? {
    if case .real(let real) = value { real } else { nil }
  }

  /// A day as it is written.
  static func date(_ day: Int) -> String {
    ExpressionText.text(.word(Int64(day)), .date)
  }
}
