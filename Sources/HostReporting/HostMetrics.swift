/// What the names of the host's metrics have in common.
package enum HostMetrics {
  package static let prefix = "processor_host_"
}
