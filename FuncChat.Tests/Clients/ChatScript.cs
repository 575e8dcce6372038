using System.Collections.Concurrent;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Clients;

/// <summary>What the provider of the chat clients' server answers, by the words of the question, and the tools that it calls.</summary>
internal static class ChatScript
{
    /// <param name="sent">Receives to whom mail was sent.</param>
    public static IEnumerable<Tool> Tools(ConcurrentQueue<string> sent)
    {
        var finding = Tool.FromMethod(
            (string name) => new { results = new[] { new { n = 1, title = name, url = $"https://{name}.test/" } } }, "find", "Finds a page.", readOnly: true);
        yield return finding with { Policy = finding.Policy with { ReturnsSources = true } };
        yield return Tool.FromMethod((string text) => text, "Echo", "Repeats the text.", readOnly: true);
        yield return Tool.FromMethod(
            (string to) =>
            {
                sent.Enqueue(to);
                return $"sent to {to}";
            },
            "send_mail", "Sends mail.");
    }

    public static ScriptedAnswer Answer(ScriptedRequest request)
    {
        var answer = new ScriptedAnswer();
        var messages = request.Body.GetProperty("messages").EnumerateArray().ToList();
        var question = request.LastText() ?? "";
        if (messages[^1].GetProperty("role").ValueEquals("tool"))
        {
            var results = messages.AsEnumerable().Reverse().TakeWhile(message => message.GetProperty("role").ValueEquals("tool")).Reverse();
            return answer.Text("It is ", string.Join(" and ", results.Select(message => message.GetProperty("content").GetString())), ".").Ends();
        }

        if (Asks("weather"))
            return answer.Text("Let me see. ").ToolCall("call_1", "get_weather", """{"city":"Bern"}""").Ends("tool_calls");
        if (Asks("echo"))
            return answer.Text("One moment. ").ToolCall("call_1", "Echo", """{"text":"an echo"}""").Ends("tool_calls");
        if (Asks("cite"))
            return answer.ToolCall("call_1", "find", """{"name":"bern"}""").Ends("tool_calls");
        if (Asks("mail"))
        {
            // No test of a client approves mail to eve.
            var second = question.Contains("(cross)", StringComparison.Ordinal) ? "cy" : "eve";
            return answer.ToolCall("call_1", "send_mail", """{"to":"bo"}""").ToolCall("call_2", "send_mail", $$"""{"to":"{{second}}"}""", 1).Ends("tool_calls");
        }

        if (Asks("post"))
            return answer.ToolCall("call_1", "send_mail", """{"to":"bo"}""").ToolCall("call_2", "get_weather", """{"city":"Bern"}""", 1).Ends("tool_calls");
        if (Asks("tour"))
            return answer.Reasoning("Where ", "to?").Text("I look ", "it up. ").ToolCall("call_1", "find", """{"name":"bern"}""").Ends("tool_calls");
        if (Asks("think"))
            return answer.Reasoning("Let me ", "think.").Text("42").Ends();
        if (Asks("count") || Asks("context"))
            return answer.Text($"{messages.Count} messages").Ends();
        if (Asks("stall"))
            return answer.Text("Half").Stall();
        if (Asks("refuse"))
            return answer.Respond(400, """{"error":{"message":"Too long.","code":"context_length_exceeded"}}""");
        if (Asks("look"))
            return answer.Text(request.BodyText.Contains("data:image/png;base64,iVBORw0KGgo=", StringComparison.Ordinal) ? "An image." : "Nothing.").Ends();
        return answer.Text("Hello, ", "world.").Ends();

        bool Asks(string words) => question.Contains($"{words} (", StringComparison.Ordinal);
    }
}
