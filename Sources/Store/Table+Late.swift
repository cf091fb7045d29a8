import Synchronization

/// What reads the columns of a table that were left in the data file, one at a time.
package final class LateColumns {
  private let read: (FieldID) throws(StoreError) -> Column
  private let turn = Mutex<Void>(())
  /// Why a column could not be read that was asked for without a word beforehand.
  fileprivate(set) var failure: StoreError?
  /// Columns that were read so.
  fileprivate(set) var unannouncedCount = 0

  /// - Parameter read: Gives a column with the values of all rows. Called by one thread at a time.
  package init(read: @escaping (FieldID) throws(StoreError) -> Column) { self.read = read }

  fileprivate func fill(_ column: Column, of field: FieldID) throws(StoreError) {
    let failure = turn.withLock { _ -> StoreError? in
      guard column.isDeferred else { return nil }
      do throws(StoreError) {
        column.take(try read(field))
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}

extension Column {
  /// Takes the values of another column of the type, which is not used any more.
  fileprivate func take(_ other: Column) {
    precondition(other.type == type, "a column of another type")
    (storage, validity, statistics) = (other.storage, other.validity, other.statistics)
    settle()
    isDeferred = false
  }
}

// Columns that are read when they are first asked for.
extension Table {
  /// Whether the values of all columns are here.
  package var isWhole: Bool { !columns.contains { $0?.isDeferred == true } }

  /// Reads the values of these stored fields, as far as they are still in the file.
  ///
  /// - Throws: What reading a table throws; `interrupted`, between one column and the next.
  package func read(_ fields: some Sequence<FieldID>) throws(StoreError) {
    for field in fields {
      try Cancellation.check()
      guard field.index < columns.count, let column = columns[field.index], column.isDeferred
      else { continue }
      try late?.fill(column, of: field)
    }
  }

  /// Reads all that is still in the file; comes before every change.
  package func readAll() throws(StoreError) {
    guard let late else { return }
    if late.failure != nil { throw .changedElsewhere }
    try read(columns.indices.map { FieldID($0) })
    self.late = nil
  }

  /// Reads a column of which nobody said beforehand that it would be read. When that fails it is one of
  /// unknown values, and `Database.checkRead` tells. It is not stopped: what was made of unknown values
  /// would be kept.
  func readLate(_ field: FieldID, _ column: Column) -> Column {
    late?.unannouncedCount += 1
    do throws(StoreError) {
      try late?.fill(column, of: field)
      return column
    } catch {
      late?.failure = error
      let unknown = Column(type: column.type, budget: Budget())
      do throws(StoreError) {
        try unknown.appendUnknown(rowCount)
      } catch {
        preconditionFailure("unknown values take no memory: \(error)")
      }
      return unknown
    }
  }
}
