import Synchronization

/// Counts the bytes of columns, indexes and operator state. Whoever grows past 1 MiB asks first.
package final class Budget: Sendable {
  /// The growth, in bytes, below which nobody need ask.
  package static let freeByteCount = 1_048_576

  /// The most bytes that may be in use.
  package let limit: Int
  /// The growth below which the owner of a claim does not ask.
  let freeByteCount: Int
  private let used = Atomic<Int>(0)

  /// Makes a budget of `limit` bytes; nil is no limit.
  ///
  /// - Parameter freeByteCount: Less where a test has little data and yet wants all of it counted.
  package init(limit: Int? = nil, freeByteCount: Int = Budget.freeByteCount) {
    self.limit = limit ?? Int.max
    self.freeByteCount = freeByteCount
  }

  /// Bytes in use.
  package var usedByteCount: Int { used.load(ordering: .relaxed) }

  /// Takes `byteCount` bytes, or throws `memoryLimit` and takes none.
  package func take(_ byteCount: Int) throws(StoreError) {
    let now = used.wrappingAdd(byteCount, ordering: .relaxed).newValue
    if now > limit {
      used.wrappingSubtract(byteCount, ordering: .relaxed)
      throw .memoryLimit(byteCount: byteCount, limit: limit)
    }
  }

  /// Gives back `byteCount` bytes.
  package func give(back byteCount: Int) {
    used.wrappingSubtract(byteCount, ordering: .relaxed)
  }
}
