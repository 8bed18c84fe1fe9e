import { expect, test } from 'vitest';
import { listeningPorts } from '../../../../src/rehearse/embedded/pods/system.ts';

const container = { ports: [{ containerPort: 8080 }, { containerPort: 9090 }] };

test('knows each declared port that a variable names', () => {
  const variables = new Map([
    ['PORT', '8080'],
    ['MANAGEMENT_PORT', '9090'],
  ]);
  expect(listeningPorts(container, variables)).toEqual([
    { variable: 'PORT', podPort: 8080 },
    { variable: 'MANAGEMENT_PORT', podPort: 9090 },
  ]);
});

test('tells a program the port that its container declares and nothing names', () => {
  const variables = new Map([['MANAGEMENT_PORT', '8080']]);
  expect(listeningPorts(container, variables)[0]).toEqual({ variable: 'PORT', podPort: 9090 });
  expect(listeningPorts({ ports: [{ containerPort: 3000 }] }, new Map())).toEqual([
    { variable: 'PORT', podPort: 3000 },
  ]);
});

test('tells a program its port although the pod says none', () => {
  expect(listeningPorts({}, new Map())).toEqual([{ variable: 'PORT', podPort: 8080 }]);
});

test.each([
  ['a port of somebody else', 'DATABASE_PORT', '5432'],
  ['a variable of another name', 'SUPPORTED', '9090'],
  ['what is no number', 'METRICS_PORT', 'tcp://10.0.0.1:9090'],
])('leaves %s as it is', (_what, variable, value) => {
  expect(listeningPorts(container, new Map([[variable, value]]))).toEqual([{ variable: 'PORT', podPort: 8080 }]);
});
