import Store
import Syntax

struct Describe {
  let database: Database
  func answer(_ names: [Name]) throws(Failure) -> Answer { Answer(sections: []) }
}
