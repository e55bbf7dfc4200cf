import MemoryModel

extension Pretence {
  /// A survey of some regions, with the pages in it to which something was pretended to be written.
  func added(to survey: Survey, of regions: [Region]) -> Survey {
    if isEmpty { return survey }
    let refused = AddressRanges(survey.leftOut.map(\.region.range))
    let known = AddressRanges(survey.runs)
    let mine = pages.intersection(AddressRanges(regions.map(\.range)))
      .subtracting(refused).subtracting(known)
    var survey = survey
    survey.runs = known.union(mine).ranges
    survey.unpopulatedBytes &-= min(mine.byteCount, survey.unpopulatedBytes)
    return survey
  }
}
