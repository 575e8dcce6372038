using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Usage;

public sealed class PriceTableTests
{
    [Theory]
    [InlineData(1000, null, null, 100, "0.003")]
    [InlineData(1000, 600, null, 100, "0.00204")]
    [InlineData(1000, 600, 400, 0, "0.00124")]
    [InlineData(1000, 5000, 5000, 0, "0.0004")]
    [InlineData(1, null, null, 0, "0.000002")]
    [InlineData(-5, -5, null, -5, "0")]
    public void Cost_is_that_of_each_kind_of_token(long input, int? cached, int? written, long output, string cost)
    {
        var price = new ModelPrice("*", Input: 2, CachedInput: 0.4m, CacheWrite: 2.5m, Output: 10, MaxOutput: null);

        var counted = price.CostOf(new ModelUsage(input, output) { CachedInputTokens = cached, CacheWriteInputTokens = written });

        Assert.Equal(decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture), Money.FromBillionths(counted));
    }

    [Fact]
    public void Absurd_figures_stay_within_the_type() =>
        Assert.Equal(long.MaxValue, new ModelPrice("*", 1_000_000, 0, 0, 1_000_000, null).CostOf(new ModelUsage(long.MaxValue, long.MaxValue)));

    [Fact]
    public void Price_of_the_longest_pattern_applies()
    {
        var table = Read(
            ("FuncChat:Prices:all:Model", "*"), ("FuncChat:Prices:all:Input", "1"), ("FuncChat:Prices:all:Output", "2"),
            ("FuncChat:Prices:mini:Model", "openai:gpt-5-mini*"), ("FuncChat:Prices:mini:Input", "0.25"), ("FuncChat:Prices:mini:Output", "2"),
            ("FuncChat:Prices:gpt:Model", "openai:gpt-5*"), ("FuncChat:Prices:gpt:Input", "1.25"), ("FuncChat:Prices:gpt:CachedInput", "0.125"),
            ("FuncChat:Prices:gpt:Output", "10"), ("FuncChat:Prices:Currency", "EUR"));

        Assert.Equal("EUR", table.Currency);
        Assert.Equal(0.25m, table.Find("openai:gpt-5-mini-2025")!.Input);
        Assert.Equal((1.25m, 0.125m, 1.25m), (table.Find("openai:gpt-5")!.Input, table.Find("openai:gpt-5")!.CachedInput, table.Find("openai:gpt-5")!.CacheWrite));
        Assert.Equal(1m, table.Find("ollama:llama")!.Input);
    }

    [Theory]
    [InlineData("fake:*", "fake:m")]
    [InlineData("*********", "fake:m")]
    public void Price_of_the_exact_name_applies_before_those_of_patterns(string pattern, string name)
    {
        var table = Read(
            ("FuncChat:Prices:a:Model", pattern), ("FuncChat:Prices:a:Input", "1"), ("FuncChat:Prices:a:Output", "1"),
            ("FuncChat:Prices:b:Model", name), ("FuncChat:Prices:b:Input", "2"), ("FuncChat:Prices:b:Output", "2"));

        Assert.Equal((2m, 1m), (table.Find(name)!.Input, table.Find("fake:n")!.Input));
    }

    [Theory]
    [InlineData("1e3", "1000")]
    [InlineData("2.5E-1", "0.25")]
    [InlineData("0", "0")]
    public void Price_can_have_any_form_of_a_number(string text, string price)
    {
        var table = Read(("FuncChat:Prices:a:Model", "*"), ("FuncChat:Prices:a:Input", text), ("FuncChat:Prices:a:Output", "1"));

        Assert.Equal(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), table.Find("fake:m")!.Input);
    }

    [Theory]
    [InlineData("FuncChat:Prices:a:Input", "1e7", "FuncChat__Prices__a__Input must be a number from 0 to 1000000")]
    [InlineData("FuncChat:Prices:a:Input", "1e99", "FuncChat__Prices__a__Input must be a number from 0 to 1000000")]
    [InlineData("FuncChat:Prices:a:Input", "-1", "FuncChat__Prices__a__Input must be a number from 0 to 1000000")]
    [InlineData("FuncChat:Prices:a:Input", "1,25", "FuncChat__Prices__a__Input must be a number")]
    [InlineData("FuncChat:Prices:a:Output", "", "FuncChat__Prices__a__Output is not set")]
    [InlineData("FuncChat:Prices:a:Model", "", "FuncChat__Prices__a__Model is not set")]
    [InlineData("FuncChat:Prices:a:Cached", "1", "FuncChat__Prices__a__Cached is not a setting")]
    [InlineData("FuncChat:Prices:a:MaxOutput", "1", "FuncChat__Prices__a__MaxOutput is not a whole number from 16")]
    [InlineData("FuncChat:Prices:Currency", "dollars", "FuncChat__Prices__Currency must be a currency's code")]
    [InlineData("FuncChat:Prices:b:Model", "openai:gpt-5", "FuncChat__Prices has two prices for openai:gpt-5")]
    public void Wrong_price_stops_the_start_with_its_name(string setting, string value, string problem)
    {
        (string, string)[] valid =
        [
            ("FuncChat:Prices:a:Model", "openai:gpt-5"), ("FuncChat:Prices:a:Input", "1"), ("FuncChat:Prices:a:Output", "1"),
            ("FuncChat:Prices:b:Input", setting.Contains(":b:", StringComparison.Ordinal) ? "1" : ""),
            ("FuncChat:Prices:b:Output", setting.Contains(":b:", StringComparison.Ordinal) ? "1" : ""),
        ];

        var wrong = Assert.Throws<OptionsValidationException>(() => Read([.. valid, (setting, value)]));

        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
    }

    private static PriceTable Read(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in settings)
            values[name] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        using var services = new ServiceCollection().AddLogging().AddFuncChatEngine(configuration).AddEmbeddedAdapters(configuration).BuildServiceProvider();
        return services.GetRequiredService<PriceTable>();
    }
}
