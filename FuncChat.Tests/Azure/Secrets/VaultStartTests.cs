using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure.Secrets;

/// <summary>FuncChat.Local as a process of its own, with a vault that it can't read.</summary>
public sealed class VaultStartTests
{
    [Theory]
    [InlineData("https://127.0.0.1:1/", "KEY_VAULT_URI names a vault that can't be reached.")]
    [InlineData("http://kv.vault.azure.net/", "KEY_VAULT_URI is not an https URL")]
    public async Task Process_stops_with_one_plain_line_when_the_vault_can_t_be_read(string address, string said)
    {
        using var folder = new TemporaryFolder();

        var start = await LocalStart.TryAsync(folder.Path, "http://127.0.0.1:0", ("KEY_VAULT_URI", address));

        Assert.False(start.Listens);
        Assert.Equal(1, start.ExitCode);
        Assert.StartsWith($"Error in a setting: {said}", start.Error, StringComparison.Ordinal);
        Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
