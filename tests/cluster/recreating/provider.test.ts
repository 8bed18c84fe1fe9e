import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { googleFields, helmFields } from '../../../cluster/recreating/provider.ts';
import { fieldText } from '../../../cluster/recreation.ts';

let source: string;

// Built as the provider is: what it says of a field stands in literals, variables, functions and parameters.
const files = {
  'google/provider/provider_mmv1_resources.go': `package provider
var datasources = map[string]*schema.Resource{
	"google_shop": shop.DataSourceShop(),
}
var resources = map[string]*schema.Resource{
	"google_shop": shop.ResourceShop(),
	"google_shop_iam_member": tpgiam.ResourceIamMember(shop.ShopIamSchema, shop.NewUpdater),
}
`,
  'google/services/shop/resource_shop.go': `package shop

var itemConfig = &schema.Resource{
	Schema: map[string]*schema.Schema{
		"color": {Type: schema.TypeString, Optional: true, ForceNew: true, Description: "not a } bracket"},
		"size":  {Type: schema.TypeInt, Optional: true},
	},
}

func schemaShelf() *schema.Schema {
	return &schema.Schema{
		Type: schema.TypeList, Optional: true, Computed: true, ForceNew: true, // a comment with {
		Elem: &schema.Resource{Schema: map[string]*schema.Schema{
			"width": {Type: schema.TypeInt, Optional: true},
			"item":  {Type: schema.TypeSet, Optional: true, Elem: itemConfig},
		}},
	}
}

func wasOn(_ context.Context, old, new, _ interface{}) bool {
	return old.(bool) && !new.(bool)
}

func customDoors(_ context.Context, d *schema.ResourceDiff, meta interface{}) error {
	if d.HasChange("doors.0.count") {
		return d.ForceNew("doors.0.count")
	}
	return nil
}

func ResourceShop() *schema.Resource {
	return &schema.Resource{
		CustomizeDiff: customdiff.All(
			customdiff.ForceNewIfChange("open", wasOn),
			customDoors,
		),
		Schema: tpgresource.MergeSchemas(
			map[string]*schema.Schema{
				"shelf": schemaShelf(),
				"open":  {Type: schema.TypeBool, Optional: true},
			},
			map[string]*schema.Schema{
				"name":      {Type: schema.TypeString, Required: true, ForceNew: true},
				"self_link": {Type: schema.TypeString, Computed: true, ForceNew: true},
				"labels":    {Type: schema.TypeMap, Optional: true, ForceNew: true, Elem: &schema.Schema{Type: schema.TypeString}},
			}),
	}
}
`,
  'google/services/shop/iam_shop.go': `package shop

var ShopIamSchema = map[string]*schema.Schema{
	"shop": {Type: schema.TypeString, Required: true, ForceNew: true},
}
`,
  'google/tpgiam/resource_iam_member.go': `package tpgiam

var IamMemberBaseSchema = map[string]*schema.Schema{
	"role": {Type: schema.TypeString, Required: true, ForceNew: true},
}

func ResourceIamMember(parentSpecificSchema map[string]*schema.Schema, newUpdaterFunc NewUpdaterFunc) *schema.Resource {
	settings := NewIamSettings()
	return &schema.Resource{
		Schema: tpgresource.MergeSchemas(IamMemberBaseSchema, parentSpecificSchema),
	}
}
`,
  'helm/resource_helm_release.go': `package helm

func (r *HelmRelease) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"chart": schema.StringAttribute{Required: true},
			"name": schema.StringAttribute{
				Required:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
		},
	}
}
`,
};

beforeAll(async () => {
  source = await mkdtemp(join(tmpdir(), 'provider-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), text);
  }
});

afterAll(async () => {
  await rm(source, { recursive: true });
});

test('follows variables, functions and merged schemas, into nested blocks and the code of plans', async () => {
  const fields = await googleFields(source, 'google_shop');
  expect(fields.map(fieldText)).toEqual([
    'doors.count',
    'labels',
    'name',
    'open (turned off)',
    'shelf (added or removed)',
    'shelf.item.color',
  ]);
});

test('follows what a function was given', async () => {
  const fields = await googleFields(source, 'google_shop_iam_member');
  expect(fields.map(fieldText)).toEqual(['role', 'shop']);
});

test('reads the Helm provider, which says it in another way', async () => {
  await expect(helmFields(source)).resolves.toEqual([{ path: 'name' }]);
});

test('says what it does not find', async () => {
  await expect(googleFields(source, 'google_other')).rejects.toThrow('google_other is not registered');
});
