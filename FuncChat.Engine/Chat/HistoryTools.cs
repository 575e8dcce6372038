using System.Text.Json;
using FuncChat.Engine.Models;
using FuncChat.Tools;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Chat;

/// <summary>
/// The tools that a conversation has called. Where a turn offers none, these are declared and forbidden: some providers refuse a history with
/// tool calls whose tools are not declared.
/// </summary>
internal static class HistoryTools
{
    public static async ValueTask<IReadOnlyList<AIFunctionDeclaration>> OfAsync(
        IReadOnlyList<RawJson> messages, ToolCatalog tools, ToolUser user, CancellationToken cancellationToken)
    {
        var declared = new List<AIFunctionDeclaration>();
        foreach (var name in NamesIn(messages))
        {
            var tool = tools.IsBuiltIn(name) ? await tools.OpenAsync(new ToolRef(name), user, cancellationToken) : null;
            declared.Add(tool?.Function ?? ClientTool.Unknown(name));
        }

        return declared;
    }

    private static SortedSet<string> NamesIn(IReadOnlyList<RawJson> messages)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var message in messages.Where(message => message.Utf8.Span.IndexOf("\"tool_calls\""u8) >= 0))
        {
            using var document = JsonDocument.Parse(message.Utf8);
            foreach (var call in MessageJson.ToolCalls(document.RootElement))
                names.Add(ToolCallText.CleanName(MessageJson.Text(call.GetProperty("function"), "name") ?? "", static _ => false));
        }

        return names;
    }
}
