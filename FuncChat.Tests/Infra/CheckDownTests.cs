using System.Runtime.Versioning;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/check-down.mjs: `azd down` deletes no resource group that existed before.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CheckDownTests : IDisposable
{
    private readonly SettingsHook _hook = new("check-down.mjs");

    public void Dispose() => _hook.Dispose();

    [LinuxTheory]
    [InlineData("FUNCCHAT_RESOURCE_GROUP", "rg-shared", "rg-shared, which FUNCCHAT_RESOURCE_GROUP names")]
    [InlineData("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID", "/subscriptions/0/resourceGroups/ai/providers/Microsoft.CognitiveServices/accounts/models", "  ai, which has the account")]
    public async Task Resource_group_that_existed_before_is_not_deleted(string name, string value, string expected)
    {
        var run = await _hook.RunAsync((name, value));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Environment_with_a_resource_group_of_its_own_is_deleted() =>
        Assert.Equal(new ProgramRun(0, "", ""), await _hook.RunAsync(("FUNCCHAT_ALLOW_ANONYMOUS", "true"), ("FUNCCHAT_RESOURCE_GROUP", " ")));
}
