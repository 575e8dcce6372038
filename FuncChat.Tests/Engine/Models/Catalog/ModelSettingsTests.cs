using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tests.Engine.Models.Catalog;

public sealed class ModelSettingsTests
{
    [Fact]
    public void Settings_name_no_provider_when_nothing_is_set()
    {
        Assert.Empty(Read([("OPENAI_API_KEY", " "), ("GROQ_API_KEY", ""), ("FuncChat:Providers:ollama:Url", "")]).Providers);
    }

    [Fact]
    public void Settings_take_all_providers_at_once_in_a_fixed_order()
    {
        var settings = Read(
        [
            ("FuncChat:Providers:ollama:Url", "http://localhost:11434/v1"),
            ("FuncChat:Providers:ollama:Models", "llama3.2:3b, qwen3:8b"),
            ("GROQ_API_KEY", "gsk-1"),
            ("OPENAI_API_KEY", "sk-1"),
        ]);

        Assert.Equal(["openai", "groq", "ollama"], settings.Providers.Select(provider => provider.Models.Provider));
        Assert.Equal(["https://api.openai.com/v1", "https://api.groq.com/openai/v1", "http://localhost:11434/v1"],
            settings.Providers.Select(provider => provider.Url?.ToString()));
        Assert.Equal(["sk-1", "gsk-1", null], settings.Providers.Select(provider => provider.ApiKey));
        Assert.Equal(["llama3.2:3b", "qwen3:8b"], settings.Providers[2].Models.Listed);
        Assert.Contains("llama-3.3-70b-versatile", settings.Providers[1].Models.Listed);
    }

    [Fact]
    public void Settings_take_a_provider_without_a_key_when_its_address_is_a_local_one()
    {
        var provider = Assert.Single(Read([("OPENAI_API_URL", "http://127.0.0.1:8080/v1/chat/completions")]).Providers);

        Assert.Null(provider.ApiKey);
        Assert.Equal("http://127.0.0.1:8080/v1/chat/completions", provider.Url?.ToString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/v1", null, true)]
    [InlineData("http://127.0.0.1:8080/v1", "mine", false)]
    [InlineData("https://api.openai.com/v1/chat/completions", null, false)]
    [InlineData(null, null, false)]
    public void Settings_tell_when_the_models_of_another_server_are_assumed(string? url, string? models, bool assumed)
    {
        var provider = Assert.Single(Read([("OPENAI_API_KEY", "sk-1"), ("OPENAI_API_URL", url), ("OPENAI_MODELS", models)]).Providers);

        Assert.Equal((assumed, "OPENAI_MODELS"), (provider.ModelsAreAssumed, provider.ModelsSetting));
    }

    [Fact]
    public void Settings_take_models_as_an_indexed_list()
    {
        var provider = Assert.Single(Read(
        [
            ("FuncChat:Providers:x:Url", "http://x/v1"), ("FuncChat:Providers:x:Models:0", "a,b"), ("FuncChat:Providers:x:Models:1", "c"),
        ]).Providers);

        Assert.Equal(["a,b", "c"], provider.Models.Listed);
        Assert.False(provider.Models.TakesAny);
    }

    [Theory]
    [InlineData("Phi-3 Mini Instruct")]
    [InlineData("C:\\models\\qwen3 (8b).gguf")]
    [InlineData("ft:gpt-4.1:acme::Ab1")]
    [InlineData("@cf/meta/llama+x~1=y")]
    [InlineData("Ada's model")]
    public void Settings_take_the_names_that_other_servers_give_their_models(string name)
    {
        var settings = Read([("OPENAI_API_URL", "http://127.0.0.1:4891/v1"), ("OPENAI_MODELS", name), ("FuncChat:Providers:x:Url", "http://x/v1"), ("FuncChat:Providers:x:Models", name)]);

        Assert.All(settings.Providers, provider => Assert.Equal([name], provider.Models.Listed));
    }

    [Fact]
    public void Settings_take_any_model_when_none_is_listed()
    {
        var settings = Read([("OPENAI_API_KEY", "sk-1"), ("FuncChat:Providers:x:Url", "http://x/v1")]);

        Assert.All(settings.Providers, provider => Assert.True(provider.Models.TakesAny));
        Assert.NotEmpty(settings.Providers[0].Models.Listed);
        Assert.Empty(settings.Providers[1].Models.Listed);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData("00:02:00", 120)]
    public void Settings_take_durations_as_seconds_or_as_a_clock(string value, double seconds)
    {
        var provider = Assert.Single(Read(
        [
            ("GROQ_API_KEY", "gsk-1"), ("FuncChat:Providers:groq:IdleTimeout", value), ("FuncChat:Providers:groq:Timeout", value),
            ("FuncChat:Providers:groq:MaxRetries", "0"),
        ]).Providers);

        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.IdleTimeout);
        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.Timeout);
        Assert.Equal(0, provider.MaxRetries);
    }

    [Theory]
    [InlineData("OPENAI_API_URL", "api.openai.com/v1", "OPENAI_API_URL")]
    [InlineData("OPENAI_API_URL", "ftp://x/v1", "OPENAI_API_URL")]
    [InlineData("OPENAI_API_URL", "/v1", "OPENAI_API_URL")]
    [InlineData("OPENAI_API_URL", "http://user:secret@x/v1", "OPENAI_API_URL")]
    [InlineData("OPENAI_API_URL", "http://x/v1#secret", "OPENAI_API_URL")]
    [InlineData("OPENAI_API_URL", "https://api.openai.com/v1", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "sk-secret with space", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "sk-secret\nsecond", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "sk-secret\u201d", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "\"sk-secret\"", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "'sk-secret'", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEY", "@Microsoft.KeyVault(SecretUri=secret)", "OPENAI_API_KEY")]
    [InlineData("OPENAI_MODELS", " , ,", "OPENAI_MODELS")]
    [InlineData("OPENAI_MODELS", "secret\u0007", "OPENAI_MODELS")]
    [InlineData("OPENAI_MODELS", "secret;gpt-5", "OPENAI_MODELS")]
    [InlineData("OPENAI_MODELS", "\"secret,gpt-5\"", "OPENAI_MODELS")]
    [InlineData("OPENAI_MODELS", "'secret'", "OPENAI_MODELS")]
    [InlineData("OPENAI_MODELS", "secret gpt-5", "OPENAI_MODELS")]
    [InlineData("GROQ_MODELS:0", "secret;b", "GROQ_MODELS")]
    [InlineData("FuncChat:Providers:x:Models", "secret;b", "FuncChat__Providers__x__Models")]
    [InlineData("FuncChat:Providers:My_Cloud:Url", "http://x/v1", "FuncChat__Providers__My_Cloud")]
    [InlineData("FuncChat:Providers:demo:Url", "http://x/v1", "FuncChat__Providers__demo")]
    [InlineData("FuncChat:Providers:x:ApiKey", "sk-secret", "FuncChat__Providers__x__Url")]
    [InlineData("FuncChat:Providers:x", "http://secret/v1", "FuncChat__Providers__x__Url")]
    [InlineData("FuncChat:Providers:openai:ApiKey", "sk-secret", "FuncChat__Providers__openai__ApiKey")]
    [InlineData("FuncChat:Providers:groq:MaxRetries", "-1", "FuncChat__Providers__groq__MaxRetries")]
    [InlineData("FuncChat:Providers:groq:MaxRetries", "many", "FuncChat__Providers__groq__MaxRetries")]
    [InlineData("FuncChat:Providers:groq:ContextLength", "0", "FuncChat__Providers__groq__ContextLength")]
    [InlineData("FuncChat:Providers:groq:Timeout", "0", "FuncChat__Providers__groq__Timeout")]
    [InlineData("FuncChat:Providers:groq:Timeout", "1e99", "FuncChat__Providers__groq__Timeout")]
    [InlineData("FuncChat:Providers:groq:Timeout", "99999999999999999999", "FuncChat__Providers__groq__Timeout")]
    [InlineData("FuncChat:Providers:groq:IdleTimeout", "NaN", "FuncChat__Providers__groq__IdleTimeout")]
    [InlineData("FuncChat:Providers:groq:Timeuot", "secret", "FuncChat__Providers__groq__Timeuot")]
    [InlineData("FuncChat:Demo:WordDelay", "-5", "FuncChat__Demo__WordDelay")]
    [InlineData("FuncChat:DefaultModel", "groq:", "FuncChat__DefaultModel")]
    [InlineData("FuncChat:DefaultModel", "secret", "FuncChat__DefaultModel")]
    public void Settings_name_the_one_that_is_wrong_and_never_repeat_it(string key, string value, string named)
    {
        var reader = ReaderOf([("GROQ_API_KEY", "gsk-1"), ("FuncChat:Providers:x:Url", key.Contains(":x:Models", StringComparison.Ordinal) ? "http://x/v1" : null), (key, value)]);

        ModelSettings.Read(reader);

        var error = Assert.Single(reader.Errors);
        Assert.StartsWith(named + " ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_name_an_unknown_setting_of_a_provider_when_it_is_misspelt()
    {
        var reader = ReaderOf([("FuncChat:Providers:x:Url", "http://x/v1"), ("FuncChat:Providers:x:Model", "a")]);

        ModelSettings.Read(reader);

        Assert.StartsWith("FuncChat__Providers__x__Model is not a setting of a provider", Assert.Single(reader.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_name_all_that_is_wrong_at_once()
    {
        var reader = ReaderOf(
        [
            ("GROQ_API_KEY", "gsk-1"), ("GROQ_API_URL", "groq"), ("OPENAI_API_KEY", "a b"), ("FuncChat:Providers:x:Url", "x"),
            ("FuncChat:Demo:WordDelay", "slow"), ("FuncChat:DefaultModel", "x:y"),
        ]);

        ModelSettings.Read(reader);

        Assert.Equal(["OPENAI_API_KEY", "GROQ_API_URL", "FuncChat__Providers__x__Url", "FuncChat__Demo__WordDelay"],
            reader.Errors.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Settings_print_neither_key_nor_query()
    {
        var provider = Assert.Single(Read([("OPENAI_API_KEY", "sk-secret"), ("OPENAI_API_URL", "https://x.test/v1?code=secret")]).Providers);

        Assert.DoesNotContain("secret", provider.ToString(), StringComparison.Ordinal);
        Assert.Contains("x.test", provider.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_select_the_type_of_a_provider_and_its_own_address()
    {
        var settings = Read(
        [
            ("ANTHROPIC_API_KEY", "sk-ant-1"), ("OPENAI_API_KEY", "sk-1"), ("FuncChat:Providers:openai:Type", "responses"),
            ("FuncChat:Providers:claude:Type", "anthropic"), ("FuncChat:Providers:practice:Type", "demo"),
        ]);

        Assert.Equal(
            [
                ("openai", "responses", "https://api.openai.com/v1"), ("anthropic", "anthropic", "https://api.anthropic.com/v1"),
                ("claude", "anthropic", "https://api.anthropic.com/v1"), ("practice", "demo", null),
            ],
            settings.Providers.Select(provider => (provider.Models.Provider, provider.Type, provider.Url?.ToString())));
    }

    [Theory]
    [InlineData("GEMINI", "gemini")]
    [InlineData("MISTRAL", "mistral")]
    [InlineData("DEEPSEEK", "deepseek")]
    [InlineData("OPENROUTER", "openrouter")]
    public void Settings_turn_a_well_known_provider_on_by_its_key(string prefix, string name)
    {
        var provider = Assert.Single(Read([($"{prefix}_API_KEY", "key")]).Providers);

        Assert.Equal((name, "openai", true), (provider.Models.Provider, provider.Type, provider.Models.TakesAny));
        Assert.NotEmpty(provider.Models.Listed);
    }

    [Fact]
    public void Settings_keep_a_named_provider_that_has_become_a_well_known_one()
    {
        var provider = Assert.Single(Read([("FuncChat:Providers:mistral:Url", "https://gateway.example/v1"), ("FuncChat:Providers:mistral:ApiKey", "k")]).Providers);

        Assert.Equal(("mistral", "https://gateway.example/v1", "k"), (provider.Models.Provider, provider.Url?.ToString(), provider.ApiKey));
    }

    [Theory]
    [InlineData("FuncChat:Providers:groq:Type", "Secret", "FuncChat__Providers__groq__Type")]
    [InlineData("FuncChat:Providers:x:Type", "openai", "FuncChat__Providers__x__Url")]
    public void Settings_report_a_type_that_they_cannot_use(string key, string value, string named)
    {
        var reader = ReaderOf([("GROQ_API_KEY", "gsk-1"), (key, value)]);

        ModelSettings.Read(reader);

        Assert.StartsWith(named + " ", Assert.Single(reader.Errors), StringComparison.Ordinal);
    }

    private static ModelSettings Read((string Key, string? Value)[] settings)
    {
        var reader = ReaderOf(settings);
        var read = ModelSettings.Read(reader);
        Assert.Empty(reader.Errors);
        return read;
    }

    private static SettingReader ReaderOf((string Key, string? Value)[] settings) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build());
}
