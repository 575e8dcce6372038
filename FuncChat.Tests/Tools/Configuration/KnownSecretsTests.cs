using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tests.Tools.Configuration;

public sealed class KnownSecretsTests
{
    private const string Secret = "s3cret/Value+0123456789=";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("OPENAI_API_KEY", Secret)]
    [InlineData("FuncChat:Providers:my-llm:ApiKey", Secret)]
    [InlineData("AZURE_CLIENT_SECRET", Secret)]
    [InlineData("GITHUB_TOKEN", Secret)]
    [InlineData("DB_PASSWORD", Secret)]
    [InlineData("FuncChat:Mcp:Servers:files:Headers:Authorization", "Bearer " + Secret)]
    [InlineData("FuncChat:Mcp:Servers:files:Headers:X-Anything", Secret)]
    [InlineData("FuncChat:Mcp:Servers:files:Env:GITHUB", Secret)]
    [InlineData("FuncChat:OpenApi:orders:Headers:X-Api", Secret)]
    [InlineData("FuncChat:TurnLog:ConnectionString", "AccountName=a;AccountKey=" + Secret + ";EndpointSuffix=core.windows.net")]
    [InlineData("SEARCH_CONNECTION_STRING", "Endpoint=a;Key=" + Secret + ";Region=b")]
    public void Secret_is_removed_in_all_its_forms(string setting, string value)
    {
        var secrets = Of((setting, value));

        foreach (var form in (string[])[Secret, Secret.ToUpperInvariant(), Uri.EscapeDataString(Secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)).TrimEnd('=')])
            Assert.Equal("Sent <[key]>.", secrets.Redact($"Sent <{form}>."));
    }

    [Theory]
    [InlineData("""a"b\c/d+e<f>&0123456789""")]
    [InlineData("s3cret/Value+0123456789=")]
    [InlineData("exactly12let")]
    public void Secret_is_removed_however_a_response_encodes_it(string secret)
    {
        var secrets = Of(("OPENAI_API_KEY", secret));
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] forms =
        [
            JsonSerializer.Serialize(secret).Trim('"'), JsonSerializer.Serialize(secret, Relaxed).Trim('"'), secret.Replace("/", @"\/", StringComparison.Ordinal),
            WebUtility.HtmlEncode(secret), WebUtility.UrlEncode(secret), Uri.EscapeDataString(secret).Replace("%2F", "/", StringComparison.Ordinal),
            Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), Base64Url.EncodeToString(bytes),
        ];

        Assert.All(forms, form => Assert.Equal("Sent <[key]>.", secrets.Redact($"Sent <{form}>.")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("me:")]
    [InlineData("ann:")]
    [InlineData("Bearer ")]
    public void Secret_is_removed_from_the_base64_of_a_longer_text(string before)
    {
        const string NotInBase64 = "[key]";
        foreach (var after in (string[])["", "\n", "?}", "\r\nx"])
        {
            var text = Of(("OPENAI_API_KEY", Secret)).Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Secret + after)));

            // Only the letters at its edges stay, which also encode what is next to it.
            Assert.Contains(NotInBase64, text, StringComparison.Ordinal);
            Assert.InRange(text.Replace(NotInBase64, "", StringComparison.Ordinal).Length, 0, 4 * (before.Length + after.Length + 2) / 3 + 4);
        }
    }

    [Theory]
    [InlineData("FuncChat:Limits:TokensPerDay", "123456789012345")]
    [InlineData("FuncChat:DefaultModel", "openai:a-long-name-of-a-model")]
    [InlineData("KEY_VAULT_URI", "https://name.vault.azure.net/")]
    [InlineData("OPENAI_API_KEY", "sk-short")]
    [InlineData("FuncChat:TurnLog:ConnectionString", "UseDevelopmentStorage=true")]
    [InlineData("OPENAI_API_KEY", null)]
    public void Other_settings_and_words_stay(string setting, string? value) => Assert.Equal($"It is {value}.", Of((setting, value)).Redact($"It is {value}."));

    [Fact]
    public void Secret_that_was_renewed_is_known()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection().Build();
        settings["OPENAI_API_KEY"] = Secret;
        var secrets = new KnownSecrets(settings);
        Assert.Equal("[key]", secrets.Redact(Secret));

        settings["OPENAI_API_KEY"] = "another0123456789";
        settings.Reload();

        Assert.Equal("[key]", secrets.Redact("another0123456789"));
    }

    [Fact]
    public async Task Secret_is_removed_while_another_thread_still_reads_the_settings()
    {
        var slow = new SlowSettings();
        var secrets = new KnownSecrets(new ConfigurationRoot([slow]));
        var first = Task.Run(() => secrets.Redact(Secret));
        await slow.FirstRead.WaitAsync();

        var second = await Task.Run(() => secrets.Redact(Secret));

        slow.Continue.Set();
        Assert.Equal(("[key]", "[key]"), (await first, second));
    }

    // The first thread that lists the settings waits.
    private sealed class SlowSettings : ConfigurationProvider
    {
        private int _reads;

        public SlowSettings() => Data["OPENAI_API_KEY"] = Secret;

        public ManualSignal FirstRead { get; } = new();

        public ManualResetEventSlim Continue { get; } = new();

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
        {
            if (Interlocked.Increment(ref _reads) == 1)
            {
                FirstRead.Set();
                Continue.Wait();
            }

            return base.GetChildKeys(earlierKeys, parentPath);
        }
    }

    private static KnownSecrets Of(params (string Name, string? Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build());
}
