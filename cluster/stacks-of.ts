import type { App } from 'cdktf';
import { TerraformStack } from 'cdktf';
import { withoutStackTraces } from './stack-traces.ts';
import type { JsonObject, Stacks } from './terraform-json.ts';

/** The stacks of an app. */
export function terraformStacks(app: App): TerraformStack[] {
  return app.node.findAll().filter((node) => TerraformStack.isStack(node));
}

/** What each stack would be written as. */
export function stacksOf(app: App): Stacks {
  const stacks = terraformStacks(app);
  return withoutStackTraces(() => {
    for (const stack of stacks) stack.prepareStack();
    return new Map(
      stacks.map((stack) => {
        const json: JsonObject = JSON.parse(JSON.stringify(stack.toTerraform()));
        return [stack.node.id, json];
      }),
    );
  });
}
