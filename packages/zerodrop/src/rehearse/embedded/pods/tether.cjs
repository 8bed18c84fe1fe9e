'use strict';

// Preloaded into every pod: ends it when the cluster that started it is gone, however that ended.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// The service decides when it is done; its channel to the cluster must not keep it alive.
process.channel?.unref();
