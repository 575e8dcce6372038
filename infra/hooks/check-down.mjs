// Refuses `azd down` where it would delete what it did not create: azd deletes every resource group that the deployment wrote to, with all that is in it.
// Run as a predown hook, with the values of `azd env set` in the environment.
const value = (name) => (process.env[name] ?? "").trim();
const account = value("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID");
const existingGroup = value("FUNCCHAT_RESOURCE_GROUP");
const endangered = [
  ...(existingGroup ? [`${existingGroup}, which FUNCCHAT_RESOURCE_GROUP names`] : []),
  ...(account ? [`${account.split("/")[4]}, which has the account of FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID`] : []),
];

if (endangered.length > 0) {
  console.error(`azd down would delete whole resource groups that existed before, with everything in them:
  ${endangered.join("\n  ")}

Nothing was deleted. To delete only FuncChat's resources, see "Tear down" in docs/deploy.md.`);
  process.exit(1);
}
