import Engine
import SampleData
import Store
import Syntax

/// A store that a lesson's statements run over: its demo data, made afresh, and its day.
///
/// Neither reads nor writes the data that is open; files are read and written as everywhere.
enum LessonRoom {
  /// A session over the data of a lesson.
  ///
  /// - Parameters:
  ///   - session: Whose ways of reading and writing files it takes.
  ///   - memoryLimit: The most bytes its data may take.
  static func make(
    for data: LessonData, beside session: Session, memoryLimit: Int?
  ) throws(Failure) -> Session {
    let database = Database(catalog: .builtIn, budget: Budget(limit: memoryLimit))
    do throws(StoreError) {
      try SampleData.fill(database, customerCount: data.customerCount, seed: data.seed)
    } catch {
      throw Failure(error)
    }
    return session.beside(over: database, clock: .fixed(data.today))
  }

  /// What the statements of a block of code answer, in a transaction that is taken back.
  ///
  /// - Returns: The result of the last statement; nil when that is no question.
  static func answer(_ code: LessonCode, in session: Session) throws(Failure) -> ResultSet? {
    _ = try session.run("begin")
    do throws(Failure) {
      var result: ResultSet?
      for piece in StatementReader.pieces(of: code.text) {
        let answer = try session.run(piece.text)
        for section in answer.sections { try drain(section.cursor) }
        result = try ResultSet(of: piece.text, in: session)
      }
      _ = try session.run("rollback")
      return result
    } catch {
      _ = session.rollBackOpenTransaction()
      throw error
    }
  }

  private static func drain(_ cursor: any Cursor) throws(Failure) {
    while try cursor.next() != nil {}
  }
}
