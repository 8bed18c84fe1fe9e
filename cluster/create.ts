import type { TerraformElement, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

type Kind<Input extends object, Element extends TerraformElement> = new (
  scope: Construct,
  id: string,
  input: Input,
) => Element;

const inputs = new WeakMap<TerraformElement, object>();

/**
 * Makes a Terraform element and remembers what it was given, so that {@link file://./vanished.ts} can prove that nothing
 * of it was lost.
 *
 * Always on the stack itself: an element below another construct gets a hash in its address, and moving it would make
 * Terraform destroy it.
 */
export function create<Input extends object, Element extends TerraformElement>(
  kind: Kind<Input, Element>,
  stack: TerraformStack,
  id: string,
  input: NoInfer<Input>,
): Element {
  const element = new kind(stack, id, input);
  inputs.set(element, input);
  return element;
}

/** What an element was made from; undefined for one that was made without {@link create}. */
export function inputOf(element: TerraformElement): object | undefined {
  return inputs.get(element);
}
