/// One value, known or not. Its static type stands beside it.
package enum Scalar: Hashable, Sendable {
  case unknown
  /// Stored scalars as UTF-8, compared by bytes, never normalised.
  case text(String)
  /// Choice code, minor units, days, seconds, 0 or 1, integer, or row of a reference.
  case word(Int64)
  case real(Double)

  /// Whether it is a value.
  package var isKnown: Bool { self != .unknown }

  /// Texts are equal when their bytes are; unknown equals itself.
  package static func == (a: Scalar, b: Scalar) -> Bool {
    switch (a, b) {
    case (.unknown, .unknown): true
    case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
    case (.word(let x), .word(let y)): x == y
    case (.real(let x), .real(let y)): x == y
    default: false
    }
  }

  /// Hashes what `==` compares.
  package func hash(into hasher: inout Hasher) {
    switch self {
    case .unknown: hasher.combine(0)
    case .text(let x): for byte in x.utf8 { hasher.combine(byte) }
    case .word(let x): hasher.combine(x)
    case .real(let x): hasher.combine(x)
    }
  }
}

/// Bounds that values keep.
package enum Limits {
  /// Rows of one batch.
  package static let batchRowCount = 2_048
  /// Rows of one statistics chunk.
  package static let chunkRowCount = 65_536
  /// Largest amount of money either way, in minor units.
  package static let moneyMinorMax: Int64 = 1_000_000_000_000_000
  /// Longest text or CSV field, in bytes.
  package static let textByteCountMax = 16 * 1_024 * 1_024
}
