/// The other side of a reference: the records of an entity that name one record of another.
package struct Relation: Hashable, Sendable {
  /// What it is called: the reference's inverse, else the entity's own name; `ENTITY_by_FIELD` where
  /// several references of one entity would be called alike.
  package var name: String
  /// What one of its records is called.
  package var singular: String
  /// The entity of the records.
  package var entity: EntityID
  /// Their reference.
  package var field: FieldID
}

extension Catalog {
  /// The relations of an entity's records, in catalog order.
  package func relations(of target: EntityID) -> [Relation] {
    var relations: [Relation] = []
    for (index, entity) in entities.enumerated() {
      for (place, field) in entity.fields.enumerated() {
        guard !field.isComputed, field.type == .reference(target) else { continue }
        relations.append(
          Relation(
            name: field.inverse ?? entity.name,
            singular: field.inverse.map { Self.singular(of: $0, entity) } ?? entity.singular,
            entity: EntityID(index), field: FieldID(place)))
      }
    }
    let names = relations.map { Folding.fold($0.name) }
    for place in relations.indices where names.filter({ $0 == names[place] }).count > 1 {
      let (entity, field) = (self[relations[place].entity], relations[place].field)
      guard entity[field].inverse == nil else { continue }
      relations[place].name = "\(entity.name)_by_\(entity[field].name)"
      relations[place].singular = "\(entity.singular)_by_\(entity[field].name)"
    }
    return relations
  }

  /// The relation of that name, plural or singular, ignoring case.
  package func relation(named name: String, of target: EntityID) -> Relation? {
    let folded = Folding.fold(name)
    func isSame(_ other: String) -> Bool { Folding.fold(other).utf8.elementsEqual(folded.utf8) }
    let relations = relations(of: target)
    return relations.first { isSame($0.name) } ?? relations.first { isSame($0.singular) }
  }

  /// What one record of an inverse is called: `referral` of `referrals`.
  private static func singular(of inverse: String, _ entity: Entity) -> String {
    if Folding.fold(inverse).utf8.elementsEqual(Folding.fold(entity.name).utf8) {
      return entity.singular
    }
    return inverse.hasSuffix("s") ? String(inverse.dropLast()) : inverse
  }
}
