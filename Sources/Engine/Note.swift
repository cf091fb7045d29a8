import Store

/// A fact about an answer for its footer. The shell holds the words; the engine formats no text.
package enum Note: Hashable, Sendable {
  /// How many rows the answer has, of how many before `top`, `limit` or `sample` cut them, and what
  /// one and several are called.
  case rowCount(Int, of: Int, singular: String, plural: String)
  /// The order: each key as written and whether descending; for records without `order by`, none.
  case order([OrderFact])
  /// `top` or `bottom` cut between rows of equal value.
  case tieCut
  /// A period or point as written, and its days: `last 30 days`, first and last day number; nil is open.
  case resolved(text: String, from: Int?, through: Int?)
  /// `let` did not change a parameter whose value came from outside.
  case keptParameter(String)
  /// Everything was seen as it was on this day.
  case asOf(day: Int)
  /// A value of the past is not known for some records: how many, the field and the day.
  case unknownPast(count: Int, field: String, plural: String, day: Int)
  /// Pairs of a sequence left out for falling on one day.
  case sameDay(count: Int, text: String)
  /// Records of a sequence whose time has not passed yet.
  case undecided(count: Int, text: String)
  /// Records with too few of their own for `usual`.
  case tooFew(count: Int, text: String, plural: String)
  /// Rows kept only because a value is unknown: how many and which fields, as written.
  case includesUnknown(count: Int, fields: [String], plural: String)
  /// `top` or `bottom` or a ranking left out rows whose value is unknown.
  case leftOutUnknown(count: Int, field: String)
  /// A rule of an analytic verb, or what it left out.
  case verb(VerbFact)
  /// What `in top P%` really took.
  case tookShare(text: String, taken: Int, of: Int, hasTies: Bool)
  /// The population of a rank, ntile or share: as written, how many rows, and what they are called.
  case population(text: String, count: Int, plural: String)
  /// No record has the literal; the values nearest or commonest.
  case valueNotFound(plural: String, field: String, literal: String, others: [String])
  /// Why there are no rows.
  case emptied(EmptyAnswer)
  /// Several records have the name that `profile` was given: how many, what they are called, and one
  /// of them by its key.
  case severalMatch(count: Int, plural: String, text: String, example: String)
  /// Two groups differ only by case.
  case groupsDifferByCase(field: String, example: String, other: String)
  /// A group by calendar unit is cut by a window; the window that would not cut it.
  case cutPeriod(group: String, offered: String)
  /// The seed a sample drew.
  case seed(UInt64)
  /// An import's result: rows taken and where they went.
  case imported(count: Int, entity: String, isNew: Bool)
  /// How one column of an import was read.
  case importedColumn(header: String, field: String, type: String, unknownCount: Int)
  /// Marks such as `N/A` that became unknown in a typed column.
  case unknownMarks(header: String, count: Int)
  /// Rows an import left out, and the file that lists them.
  case rejected(count: Int, path: String)
  /// Records that `matching` found and changed.
  case updatedRecords(count: Int, entity: String)
  /// Bare records an import added for references not found.
  case addedRecords(count: Int, entity: String)
  /// Changes of a field with a history that an import wrote there.
  case recordedChanges(count: Int, field: String)
  /// Dates of a file that were not taken, because the field they go with did not change.
  case keptDates(count: Int, field: String, tracked: String)
  /// Openings of histories that an import replaced; those whose numbers it took, which got others.
  case replacedOpenings(count: Int, entity: String)
  case renumbered(count: Int, entity: String)
  /// A column of a file that no field takes.
  case unusedColumn(header: String)
  /// A column of a file that no field can take, and why; or something of a whole collection.
  case leftOut(name: String, reason: LeftOutReason)
  /// A table of a collection came in: its entity, its records, and the fields that have values.
  case importedTable(name: String, entity: String, count: Int, isNew: Bool, fields: [FieldFact])
  /// A table of a collection became another entity than that of its name, and why.
  case renamedTable(name: String, entity: String, reason: RenameReason)
  /// Cells of a column that no field can hold are unknown: how many, and the first row.
  case cellsLeftOut(name: String, count: Int, row: Int)
  /// A column stays what it is, because some of its values are no key of the entity it refers to.
  case referenceLeftOut(name: String, entity: String, missingCount: Int, example: String)
  /// A column that reads two ways is kept as text.
  case keptAsText(name: String, message: String)
  /// A whole store was written to a folder.
  case wroteFolder(path: String, entityCount: Int, rowCount: Int)
  /// Invalid orders are counted; the field that leaves them out.
  case countsInvalid(plural: String, field: String)
  /// The rewrites of the plan that fired, for `explain`.
  case rewrites([String])
  /// Rows were written to a file.
  case wroteFile(path: String, rowCount: Int)
  /// A record was added, by its name: `customer 2001`.
  case added(String)
  /// Records got other values.
  case updated(count: Int, singular: String, plural: String)
  /// Records moved to a choice, and how many were there before.
  case moved(count: Int, alreadyThere: Int, singular: String, plural: String, to: String)
  /// No record met the condition of a change.
  case noneMatched(plural: String)
  /// Records were deleted; those that referred to them, or were their history.
  case deleted(count: Int, singular: String, plural: String)
  case deletedRelated(count: Int, singular: String, plural: String)
  /// One record was merged into another, both by their names.
  case merged(from: String, into: String)
  /// Records that refer to the one that stays of a merge.
  case repointed(count: Int, singular: String, plural: String, field: String, to: String)
  /// Fields that the one that stays took over.
  case filled(fields: [String])
  /// The history of a merged record that was deleted, because the other has its own.
  case historyDropped(count: Int, singular: String, plural: String, of: String, kept: String)
  /// Who was asked did not want it.
  case declined
  /// A statement was taken back.
  case undone(text: String)
  /// The oldest statements can no longer be taken back.
  case forgotChanges(count: Int)
  /// A transaction was opened, committed, rolled back.
  case began
  case committed(statementCount: Int)
  case rolledBack(statementCount: Int)
  /// Another program changed the data file: it has not been loaded yet, or was.
  case fileChanged(path: String)
  case reloaded(path: String)
  /// A data file was opened; or does not exist and will be created by the first change.
  case opened(path: String)
  case willCreate(path: String)
  /// Something was defined, by its kind and name: `segment vip`; or what there was got another
  /// meaning.
  case defined(String, isNew: Bool)
  /// Nothing of the kind is defined that an answer could be about; a statement that begins one.
  case noneDefined(kind: String, example: String)
  /// A definition was taken away; or got another name, and what follows it.
  case dropped(String)
  case renamed(String, to: String, followers: [String])
  /// Records were kept as a segment.
  case froze(count: Int, singular: String, plural: String, segment: String)
  /// The store was saved; a copy was written.
  case saved(path: String)
  case backedUp(path: String)

  /// Why a table is not brought into the entity of its name.
  package enum RenameReason: Hashable, Sendable {
    /// It has records, or had some.
    case hasRecords
    /// Another table of the collection goes there.
    case isTaken
    /// A column that does not fit the field of its name.
    case doesNotFit(column: String, type: String)
  }

  /// A field and what it holds.
  package struct FieldFact: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its type in words; for a reference the entity it leads to.
    package var type: String
    /// Whether it is a reference.
    package var isReference: Bool

    /// Makes a fact.
    package init(name: String, type: String, isReference: Bool) {
      self.name = name
      self.type = type
      self.isReference = isReference
    }
  }

  /// One key of the order.
  package struct OrderFact: Hashable, Sendable {
    /// As written.
    package var text: String
    /// Largest first.
    package var isDescending: Bool

    /// Makes a fact.
    package init(text: String, isDescending: Bool) {
      self.text = text
      self.isDescending = isDescending
    }
  }

  /// Stable name of the kind of note.
  package var code: String {
    switch self {
    case .rowCount: "row-count"
    case .order: "order"
    case .tieCut: "tie-cut"
    case .resolved: "resolved"
    case .asOf: "as-of"
    case .keptParameter: "kept-parameter"
    case .unknownPast: "unknown-past"
    case .sameDay: "same-day"
    case .undecided: "undecided"
    case .tooFew: "too-few"
    case .includesUnknown: "includes-unknown"
    case .leftOutUnknown: "left-out-unknown"
    case .verb: "verb"
    case .tookShare: "took-share"
    case .population: "population"
    case .valueNotFound: "value-not-found"
    case .emptied: "emptied"
    case .severalMatch: "several-match"
    case .groupsDifferByCase: "groups-differ-by-case"
    case .cutPeriod: "cut-period"
    case .seed: "seed"
    case .imported: "imported"
    case .importedColumn: "imported-column"
    case .unknownMarks: "unknown-marks"
    case .rejected: "rejected"
    case .updatedRecords: "updated-records"
    case .addedRecords: "added-records"
    case .recordedChanges: "recorded-changes"
    case .keptDates: "kept-dates"
    case .replacedOpenings: "replaced-openings"
    case .renumbered: "renumbered"
    case .unusedColumn: "unused-column"
    case .leftOut: "left-out"
    case .importedTable: "imported-table"
    case .renamedTable: "renamed-table"
    case .cellsLeftOut: "cells-left-out"
    case .referenceLeftOut: "reference-left-out"
    case .keptAsText: "kept-as-text"
    case .wroteFolder: "wrote-folder"
    case .countsInvalid: "counts-invalid"
    case .rewrites: "rewrites"
    case .wroteFile: "wrote-file"
    case .added: "added"
    case .updated: "updated"
    case .moved: "moved"
    case .noneMatched: "none-matched"
    case .deleted: "deleted"
    case .deletedRelated: "deleted-related"
    case .merged: "merged"
    case .repointed: "repointed"
    case .filled: "filled"
    case .historyDropped: "history-dropped"
    case .declined: "declined"
    case .undone: "undone"
    case .forgotChanges: "forgot-changes"
    case .began: "began"
    case .committed: "committed"
    case .rolledBack: "rolled-back"
    case .fileChanged: "file-changed"
    case .reloaded: "reloaded"
    case .opened: "opened"
    case .willCreate: "will-create"
    case .defined: "defined"
    case .noneDefined: "none-defined"
    case .dropped: "dropped"
    case .renamed: "renamed"
    case .froze: "froze"
    case .saved: "saved"
    case .backedUp: "backed-up"
    }
  }
}
