import type { k8s } from 'cdk8s-plus-28';
import type { Autoscale } from '../workload/parts.ts';

// Half of what is left to a pod at this load covers the minutes until new pods serve.
const usualCpuPercent = 70;

/** The autoscaler of a Deployment. It owns the number of pods, which the Deployment in git leaves out. */
export function autoscaler(name: string, asked: Autoscale): k8s.HorizontalPodAutoscalerSpecV2 {
  const { min, max, targetMemory } = asked;
  const targetCpu = asked.targetCpu ?? (targetMemory === undefined ? usualCpuPercent : undefined);
  const targets = [
    { name: 'cpu', percent: targetCpu },
    { name: 'memory', percent: targetMemory },
  ];
  return {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: min,
    maxReplicas: max,
    metrics: targets.flatMap(({ name: resource, percent }) =>
      percent === undefined
        ? []
        : [
            {
              type: 'Resource',
              resource: { name: resource, target: { type: 'Utilization', averageUtilization: percent } },
            },
          ],
    ),
  };
}
