public import MemoryModel

extension MemorySource {
  /// Takes all regions whole: a file holds what it holds, and reading it changes nothing.
  public func survey(_ regions: [Region], _ options: SurveyOptions) throws(RemoteMemoryError)
    -> Survey
  {
    var list = RunList()
    var survey = Survey()
    for region in RegionMap(regions).regions {
      list.append(region.range)
      survey.mappedBytes &+= region.range.count
    }
    survey.runs = list.runs
    return survey
  }

  /// Gathers: reading a file changes nothing.
  public func gatherGently(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    try unsafe gather(spans, into: buffer)
  }

  /// Nothing to ask: a file stays what it is.
  public func confirm() throws(RemoteMemoryError) {}
}
