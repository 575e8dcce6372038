using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure.Secrets;

/// <summary>FuncChat.Local as a process, with a vault that it can't read.</summary>
public sealed class VaultStartTests
{
    [Theory]
    [InlineData("https://127.0.0.1:1/", "KEY_VAULT_URI names a vault that can't be reached.")]
    [InlineData("http://kv.vault.azure.net/", "KEY_VAULT_URI is not an https URL")]
    public async Task Process_stops_with_one_plain_line_when_no_model_is_left_without_the_vault(string address, string said)
    {
        using var folder = new TemporaryFolder();

        var start = await LocalStart.TryAsync(folder.Path, "http://127.0.0.1:0", ("KEY_VAULT_URI", address));

        Assert.False(start.Listens);
        Assert.Equal(1, start.ExitCode);
        Assert.StartsWith($"Error in a setting: {said}", start.Error, StringComparison.Ordinal);
        Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Process_starts_degraded_when_what_it_needs_does_not_come_from_the_vault()
    {
        using var folder = new TemporaryFolder();
        await using var local = await LocalProcess.StartAsync(
            folder.Path, ("KEY_VAULT_URI", "https://127.0.0.1:1/"), ("OPENAI_API_URL", "http://127.0.0.1:1/v1"), ("OPENAI_MODELS", "m"));

        var health = await local.Http.GetStringAsync(new Uri("api/health", UriKind.Relative));

        Assert.Contains("\"key_vault\":\"degraded\"", health, StringComparison.Ordinal);
    }
}
