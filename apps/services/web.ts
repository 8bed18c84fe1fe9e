import { webService } from '../workload/define.ts';

/** The example service, in service/. docs/reference/settings.md lists what can be said here; `in` says what is different in one environment. */
export default webService({
  exposure: 'load-balancer',
  replicas: 3,
});
