using System.Text.Json;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Finds addresses that the model made up, once text from outside is in its conversation: instructions in that text could make it send what it knows in an
/// address. All others come from the user, or from a page or a search result (<see cref="NamingTexts"/>).
/// </summary>
internal sealed class AddressCheck(UntrustedResults untrusted, ToolCatalog tools)
{
    /// <summary>What the model reads where no person can be asked.</summary>
    public const string Refusal =
        "This address is in no message of the user, no search result, and no link of a page that was read. Since text from outside is part of this conversation, "
        + "only such addresses are read. Search for the page, or ask the user for its address.";

    /// <summary>Why a person is asked.</summary>
    public const string Reason =
        "The address is in none of the user's messages, no search result, and no page that was read. Text from outside may have made the model put what it knows into it.";

    private readonly NamingTexts _texts = new(tools);

    /// <summary>Whether the call fetches an address that the model made up.</summary>
    /// <param name="arguments">A JSON object that matches the tool's schema.</param>
    public bool IsMadeUp(Tool tool, string arguments, IEnumerable<RawJson> conversation)
    {
        if (!tool.Policy.FetchesUrl || UrlIn(arguments) is not { } text)
            return false;
        var messages = conversation.ToList();
        return untrusted.AreIn(messages) && !(Parse(text) is { } url && _texts.In(messages).Any(each => NamedAddress.IsIn(each, url)));
    }

    private static string? UrlIn(string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return document.RootElement.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String ? url.GetString() : null;
    }

    // As the tool reads it: a text can look like one address and be another.
    private static Uri? Parse(string text)
    {
        try
        {
            return WebUrl.Parse(text);
        }
        catch (ToolException)
        {
            return null;
        }
    }
}
