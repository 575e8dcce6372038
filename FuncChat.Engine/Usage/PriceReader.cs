using System.Globalization;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Usage;

/// <summary>Reads the prices of the models from `FuncChat:Prices`.</summary>
internal sealed class PriceReader(SettingReader reader)
{
    private const string Root = "FuncChat:Prices";
    private const string Currency = "Currency";
    private const string Model = "Model";
    private const string Input = "Input";
    private const string CachedInput = "CachedInput";
    private const string CacheWrite = "CacheWrite";
    private const string Output = "Output";
    private const string MaxOutput = "MaxOutput";
    private const decimal Most = 1_000_000;

    private static readonly string[] Parts = [Model, Input, CachedInput, CacheWrite, Output, MaxOutput];

    /// <summary>The names of all of them in the environment.</summary>
    public static string[] Names { get; } =
        [SettingMessage.NameOf($"{Root}:{Currency}"), .. Parts.Select(part => SettingMessage.NameOf($"{Root}:<name>:{part}"))];

    public PriceTable Read()
    {
        var prices = reader.NamesUnder(Root)
            .Where(name => !name.Equals(Currency, StringComparison.OrdinalIgnoreCase) && reader.IsSet($"{Root}:{name}"))
            .Select(ReadPrice).ToList();
        foreach (var twice in prices.GroupBy(price => price.Model, StringComparer.Ordinal).Where(same => same.Key.Length > 0 && same.Count() > 1))
            reader.AddError(Root, $"has two prices for {twice.Key}");
        return new PriceTable { Currency = ReadCurrency(), Prices = prices };
    }

    private string ReadCurrency()
    {
        var text = reader.Text($"{Root}:{Currency}") ?? "USD";
        if (text.Length != 3 || !text.All(char.IsAsciiLetterUpper))
            reader.AddError($"{Root}:{Currency}", "must be a currency's code of three capital letters", "USD");
        return text;
    }

    private ModelPrice ReadPrice(string name)
    {
        foreach (var other in reader.NamesUnder($"{Root}:{name}").Except(Parts, StringComparer.OrdinalIgnoreCase))
            reader.AddError($"{Root}:{name}:{other}", $"is not a setting: use one of {string.Join(", ", Parts)}");
        if (reader.Text($"{Root}:{name}:{Model}") is not { } model)
        {
            reader.AddError($"{Root}:{name}:{Model}", "is not set: name the models as provider:name", "openai:gpt-5*");
            model = "";
        }

        var input = ReadAmount(name, Input, required: true) ?? 0;
        return new ModelPrice(
            model, input, ReadAmount(name, CachedInput) ?? input, ReadAmount(name, CacheWrite) ?? input, ReadAmount(name, Output, required: true) ?? 0,
            reader.Number($"{Root}:{name}:{MaxOutput}", 16, 10_000_000, 16384));
    }

    private decimal? ReadAmount(string name, string part, bool required = false)
    {
        var key = $"{Root}:{name}:{part}";
        if (reader.Text(key) is not { } text)
        {
            if (required)
                reader.AddError(key, "is not set: set the price of a million tokens", "1.25");
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var amount) && amount <= Most)
            return amount;
        reader.AddError(key, $"must be a number from 0 to {Most.ToString(CultureInfo.InvariantCulture)}", "1.25");
        return null;
    }
}
