"""The performance counters of the simulated vCenter: ids, names, units and levels as vSphere has them.

One line a counter: id, group.name.rollup, unit, statsType, level, perDeviceLevel, the entity types that have it (V virtual
machine, H host, P resource pool, C cluster, D datastore, N datacenter), its instances (a aggregate, i devices, b both), the
range of generated values for one instance (`mem:` and `mhz:` per mille of the entity's memory or clock), label.
"""

TABLE = """\
2 cpu.usage.average percent rate 1 3 VHC b 200-3500 Usage
6 cpu.usagemhz.average megaHertz rate 1 3 VHPC b mhz:20-350 Usage in MHz
9 cpu.reservedCapacity.average megaHertz absolute 2 3 H a mhz:100-300 Reserved capacity
10 cpu.system.summation millisecond delta 3 3 V b 0-60 System
11 cpu.wait.summation millisecond delta 3 3 VH b 14000-19000 Wait
12 cpu.ready.summation millisecond delta 1 3 VH b 0-400 Ready
13 cpu.idle.summation millisecond delta 2 3 VH b 14000-19000 Idle
14 cpu.used.summation millisecond delta 3 3 VH b 400-7000 Used
386 cpu.swapwait.summation millisecond delta 3 3 VH b 0-5 Swap wait
388 cpu.utilization.average percent rate 2 3 H b 200-3500 Utilization
392 cpu.coreUtilization.average percent rate 2 3 H b 200-3500 Core Utilization
395 cpu.totalCapacity.average megaHertz absolute 2 3 H a mhz:900-950 Total capacity
396 cpu.latency.average percent rate 2 3 VH a 0-300 Latency
397 cpu.entitlement.latest megaHertz absolute 2 3 V a mhz:900-1000 Entitlement
398 cpu.demand.average megaHertz absolute 2 3 VH a mhz:20-400 Demand
399 cpu.costop.summation millisecond delta 2 3 VH b 0-30 Co-stop
400 cpu.maxlimited.summation millisecond delta 2 3 VP b 0-5 Max limited
401 cpu.overlap.summation millisecond delta 3 3 V b 0-40 Overlap
402 cpu.run.summation millisecond delta 2 3 V b 400-7000 Run
403 cpu.demandEntitlementRatio.latest percent absolute 4 4 V a 20-90 Demand-to-entitlement ratio
404 cpu.readiness.average percent rate 4 4 VH b 0-200 Readiness
278 cpu.totalmhz.average megaHertz rate 1 3 C a mhz:900-950 Total
24 mem.usage.average percent absolute 1 3 VHC a 2000-8500 Host consumed %
27 mem.reservedCapacity.average megaBytes absolute 2 3 H a 4000-9000 Reservation consumed
29 mem.granted.average kiloBytes absolute 2 3 VHPC a mem:500-950 Granted
33 mem.active.average kiloBytes absolute 2 3 VHPC a mem:50-300 Active
37 mem.shared.average kiloBytes absolute 2 3 VHPC a mem:10-60 Shared
41 mem.zero.average kiloBytes absolute 2 3 VHP a mem:5-40 Zero pages
45 mem.unreserved.average kiloBytes absolute 2 3 H a mem:100-300 Reservation available
49 mem.swapused.average kiloBytes absolute 2 3 HC a mem:0-1 Swap consumed
57 mem.sharedcommon.average kiloBytes absolute 2 3 H a mem:5-20 Shared common
68 mem.state.latest number absolute 2 3 H a 0-0 Free state
70 mem.swapped.average kiloBytes absolute 2 3 VP a mem:0-1 Swapped
74 mem.swaptarget.average kiloBytes absolute 2 3 V a mem:0-1 Swap target
78 mem.swapIn.average kiloBytes absolute 2 3 VH a mem:0-1 swapIn
82 mem.swapOut.average kiloBytes absolute 2 3 VH a mem:0-1 swapOut
85 mem.swapinRate.average kiloBytesPerSecond rate 1 3 VH a 0-20 Swap in rate
86 mem.swapoutRate.average kiloBytesPerSecond rate 1 3 VH a 0-20 Swap out rate
90 mem.vmmemctl.average kiloBytes absolute 1 3 VHPC a mem:0-2 Ballooned memory
94 mem.vmmemctltarget.average kiloBytes absolute 2 3 V a mem:0-2 Balloon target
98 mem.consumed.average kiloBytes absolute 1 3 VHPC a mem:400-900 Consumed
102 mem.overhead.average kiloBytes absolute 1 1 VHPC a mem:5-15 Overhead consumed
105 mem.compressed.average kiloBytes absolute 2 3 VHP a mem:0-2 Compressed
106 mem.compressionRate.average kiloBytesPerSecond rate 2 3 VHP a 0-30 Compression rate
107 mem.decompressionRate.average kiloBytesPerSecond rate 2 3 VHP a 0-30 Decompression rate
406 mem.swapin.average kiloBytes absolute 2 3 VH a mem:0-1 Swap in
410 mem.swapout.average kiloBytes absolute 2 3 VH a mem:0-1 Swap out
414 mem.sysUsage.average kiloBytes absolute 2 3 H a mem:10-30 VMkernel consumed
417 mem.activewrite.average kiloBytes absolute 2 3 VH a mem:20-150 Active write
418 mem.overheadMax.average kiloBytes absolute 2 3 V a mem:10-25 Overhead reserved
419 mem.totalCapacity.average megaBytes absolute 2 3 H a 20000-60000 Total reservation
420 mem.zipped.latest kiloBytes absolute 2 3 V a mem:0-1 Compressed
421 mem.zipSaved.latest kiloBytes absolute 2 3 V a mem:0-1 Compression saved
422 mem.latency.average percent absolute 2 3 VH a 0-100 Page-fault latency
423 mem.entitlement.average kiloBytes absolute 2 3 V a mem:600-900 Entitlement
426 mem.llSwapInRate.average kiloBytesPerSecond rate 2 3 VH a 0-5 Host cache swap in rate
427 mem.llSwapOutRate.average kiloBytesPerSecond rate 2 3 VH a 0-5 Host cache swap out rate
279 mem.totalmb.average megaBytes absolute 1 3 C a 100000-900000 Total
125 disk.usage.average kiloBytesPerSecond rate 1 3 VH a 100-9000 Usage
128 disk.numberRead.summation number delta 3 3 VH i 0-900 Read requests
129 disk.numberWrite.summation number delta 3 3 VH i 10-1800 Write requests
130 disk.read.average kiloBytesPerSecond rate 2 3 VH b 20-4000 Read rate
131 disk.write.average kiloBytesPerSecond rate 2 3 VH b 80-5000 Write rate
133 disk.maxTotalLatency.latest millisecond absolute 1 3 VH a 0-12 Highest latency
134 disk.commandsAborted.summation number delta 2 3 VH i 0-0 Commands aborted
135 disk.busResets.summation number delta 2 3 VH i 0-0 Bus resets
136 disk.numberReadAveraged.average number rate 1 3 VH i 0-60 Average read requests per second
137 disk.numberWriteAveraged.average number rate 1 3 VH i 1-120 Average write requests per second
446 disk.commands.summation number delta 2 3 VH i 10-2700 Commands issued
447 disk.deviceReadLatency.average millisecond absolute 2 3 H i 0-6 Physical device read latency
449 disk.totalReadLatency.average millisecond absolute 2 3 H i 0-7 Read latency
451 disk.deviceWriteLatency.average millisecond absolute 2 3 H i 0-5 Physical device write latency
453 disk.totalWriteLatency.average millisecond absolute 2 3 H i 0-6 Write latency
455 disk.deviceLatency.average millisecond absolute 1 3 H i 0-6 Physical device command latency
456 disk.kernelLatency.average millisecond absolute 2 3 H i 0-1 Kernel command latency
457 disk.queueLatency.average millisecond absolute 2 3 H i 0-1 Queue command latency
458 disk.maxQueueDepth.average number absolute 1 3 H i 64-256 Maximum queue depth
459 disk.commandsAveraged.average number rate 2 3 VH i 1-180 Average commands issued per second
281 disk.used.latest kiloBytes absolute 1 1 VDN a 0-0 Space actually used
282 disk.provisioned.latest kiloBytes absolute 1 1 VDN a 0-0 Space potentially used
283 disk.capacity.latest kiloBytes absolute 1 3 D a 0-0 Capacity
284 disk.unshared.latest kiloBytes absolute 1 1 VD a 0-0 Space not shared
143 net.usage.average kiloBytesPerSecond rate 1 3 VH b 5-3000 Usage
146 net.packetsRx.summation number delta 2 3 VH b 50-60000 Packets received
147 net.packetsTx.summation number delta 2 3 VH b 50-60000 Packets transmitted
148 net.received.average kiloBytesPerSecond rate 2 3 VH b 2-2000 Data receive rate
149 net.transmitted.average kiloBytesPerSecond rate 2 3 VH b 2-2000 Data transmit rate
460 net.droppedRx.summation number delta 2 3 VH b 0-3 Receive packets dropped
461 net.droppedTx.summation number delta 2 3 VH b 0-1 Transmit packets dropped
462 net.bytesRx.average kiloBytesPerSecond rate 2 3 VH b 2-2000 Data receive rate
463 net.bytesTx.average kiloBytesPerSecond rate 2 3 VH b 2-2000 Data transmit rate
464 net.broadcastRx.summation number delta 2 3 VH b 0-200 Broadcast receives
465 net.broadcastTx.summation number delta 2 3 VH b 0-20 Broadcast transmits
466 net.multicastRx.summation number delta 2 3 VH b 0-150 Multicast receives
467 net.multicastTx.summation number delta 2 3 VH b 0-20 Multicast transmits
468 net.errorsRx.summation number delta 2 3 H b 0-0 Packet receive errors
469 net.errorsTx.summation number delta 2 3 H b 0-0 Packet transmit errors
155 sys.uptime.latest second absolute 1 3 VH a 0-0 Uptime
156 sys.heartbeat.summation number delta 1 3 V a 0-0 Heartbeat
473 sys.heartbeat.latest number absolute 4 4 V a 25-30 Heartbeat
498 sys.osUptime.latest second absolute 4 4 VH a 0-0 OS Uptime
157 power.power.average watt rate 2 3 VH a 120-420 Usage
158 power.powerCap.average watt absolute 3 3 H a 0-0 Cap
159 power.energy.summation joule delta 3 3 VH a 2400-8400 Energy usage
161 storageAdapter.commandsAveraged.average number rate 2 2 H i 5-900 Average commands issued per second
162 storageAdapter.numberReadAveraged.average number rate 2 2 H i 1-400 Average read requests per second
163 storageAdapter.numberWriteAveraged.average number rate 2 2 H i 4-500 Average write requests per second
164 storageAdapter.read.average kiloBytesPerSecond rate 2 2 H i 20-9000 Read rate
165 storageAdapter.write.average kiloBytesPerSecond rate 2 2 H i 80-9000 Write rate
166 storageAdapter.totalReadLatency.average millisecond absolute 2 2 H i 0-8 Read latency
167 storageAdapter.totalWriteLatency.average millisecond absolute 2 2 H i 0-8 Write latency
168 storageAdapter.maxTotalLatency.latest millisecond absolute 3 3 H a 0-12 Highest latency
171 virtualDisk.numberReadAveraged.average number rate 1 3 V i 0-60 Average read requests per second
172 virtualDisk.numberWriteAveraged.average number rate 1 3 V i 1-120 Average write requests per second
173 virtualDisk.read.average kiloBytesPerSecond rate 2 2 V i 0-2000 Read rate
174 virtualDisk.write.average kiloBytesPerSecond rate 2 2 V i 40-3000 Write rate
175 virtualDisk.totalReadLatency.average millisecond absolute 1 3 V i 0-9 Read latency
176 virtualDisk.totalWriteLatency.average millisecond absolute 1 3 V i 0-9 Write latency
178 datastore.numberReadAveraged.average number rate 1 3 VHD i 0-60 Average read requests per second
179 datastore.numberWriteAveraged.average number rate 1 3 VHD i 1-120 Average write requests per second
180 datastore.read.average kiloBytesPerSecond rate 2 2 VHD i 0-2000 Read rate
181 datastore.write.average kiloBytesPerSecond rate 2 2 VHD i 40-3000 Write rate
182 datastore.totalReadLatency.average millisecond absolute 1 3 VHD i 0-9 Read latency
183 datastore.totalWriteLatency.average millisecond absolute 1 3 VHD i 0-9 Write latency
184 datastore.maxTotalLatency.latest millisecond absolute 3 3 VH a 0-14 Highest latency
185 datastore.datastoreIops.average number absolute 1 3 HD i 5-900 Storage I/O Control aggregated IOPS
186 datastore.sizeNormalizedDatastoreLatency.average microsecond absolute 1 3 HD i 100-9000 Storage I/O Control normalized latency
190 datastore.commandsAborted.summation number delta 2 2 H i 0-0 commandsAborted
191 datastore.siocActiveTimePercentage.average percent absolute 1 3 H i 0-100 Storage I/O Control active time percentage
537 datastore.datastoreMaxQueueDepth.latest number absolute 1 3 H i 32-128 Storage I/O Control datastore maximum queue depth
215 clusterServices.cpufairness.latest number absolute 1 3 C a 90-100 CPU fairness
216 clusterServices.memfairness.latest number absolute 1 3 C a 90-100 Memory fairness
276 clusterServices.effectivecpu.average megaHertz rate 1 3 C a mhz:850-900 Effective CPU resources
277 clusterServices.effectivemem.average megaBytes absolute 1 3 C a 90000-800000 Effective memory resources
280 clusterServices.failover.latest number absolute 1 3 C a 1-1 Current failover level
256 vmop.numPoweron.latest number absolute 1 3 CN a 0-4 VM power on count
257 vmop.numPoweroff.latest number absolute 1 3 CN a 0-2 VM power off count
259 vmop.numReset.latest number absolute 1 3 CN a 0-1 VM reset count
260 vmop.numRebootGuest.latest number absolute 1 3 CN a 0-2 VM guest reboot count
262 vmop.numShutdownGuest.latest number absolute 1 3 CN a 0-2 VM guest shutdown count
263 vmop.numCreate.latest number absolute 1 3 CN a 0-1 VM create count
264 vmop.numDestroy.latest number absolute 1 3 CN a 0-1 VM delete count
267 vmop.numReconfigure.latest number absolute 1 3 CN a 0-3 VM reconfigure count
273 vmop.numVMotion.latest number absolute 1 3 CN a 0-6 vMotion count
274 vmop.numSVMotion.latest number absolute 1 3 CN a 0-1 Storage vMotion count
"""
