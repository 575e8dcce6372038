using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Models.Catalog;

namespace FuncChat.Engine.Usage;

/// <summary>The prices of the models. Made by <see cref="PriceReader"/>.</summary>
public sealed record PriceTable
{
    /// <summary>The currency of all prices and budgets, such as USD.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Whether any model has a price.</summary>
    public bool HasAny => Prices.Count > 0;

    internal IReadOnlyList<ModelPrice> Prices { get; init; } = [];

    /// <summary>What a million tokens of a model cost; null without a price.</summary>
    /// <param name="model">`provider:name`.</param>
    public TokenPrice? PriceOf(string model) => Find(model) is { } price ? new TokenPrice(price.Input, price.Output, Currency) : null;

    /// <summary>The price of a model: that of its exact name or, of several patterns that match, the longest one's.</summary>
    /// <param name="model">`provider:name`.</param>
    internal ModelPrice? Find(string model) =>
        Prices.Where(price => ToolNamePattern.Matches(price.Model, model)).MaxBy(price => (price.Model == model, price.Model.Length));
}
