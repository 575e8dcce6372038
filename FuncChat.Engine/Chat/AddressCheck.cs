using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>
/// Finds addresses that the model made up, once text from outside is in its conversation: instructions in that text could make it send what it knows in an
/// address. All others come from the user, or from results of tools, such as search results and the links of pages.
/// </summary>
internal sealed class AddressCheck(UntrustedResults untrusted)
{
    /// <summary>What the model reads where no person can be asked.</summary>
    public const string Refusal =
        "This address is in no message of the user, no search result, and no link of a page that was read. Since text from the web is part of this conversation, "
        + "only such addresses are read. Search for the page, or ask the user for its address.";

    /// <summary>Why a person is asked.</summary>
    public const string Reason =
        "The address is in none of the user's messages, no search result, and no page that was read. Text from the web may have made the model put what it knows into it.";

    /// <summary>Whether the call fetches an address that the model made up.</summary>
    /// <param name="arguments">A JSON object that matches the tool's schema.</param>
    public bool IsMadeUp(Tool tool, string arguments, IEnumerable<RawJson> conversation)
    {
        if (!tool.Policy.FetchesUrl || UrlIn(arguments) is not { } url)
            return false;
        var messages = conversation.ToList();
        return untrusted.AreIn(messages) && !messages.Any(message => Names(message, url));
    }

    private static string? UrlIn(string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return document.RootElement.TryGetProperty("url", out var url) && url.ValueKind == JsonValueKind.String ? url.GetString() : null;
    }

    // What the model itself wrote does not count.
    private static bool Names(RawJson message, string url)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        var root = document.RootElement;
        return !root.GetProperty("role").ValueEquals("assistant")
            && root.TryGetProperty("content", out var content)
            && TextsOf(content).Any(text => NamedAddress.IsIn(text, url));
    }

    private static IEnumerable<string> TextsOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() ?? "" : ""),
        _ => [],
    };
}
