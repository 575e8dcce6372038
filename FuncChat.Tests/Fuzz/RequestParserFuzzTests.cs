using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Files;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Web;
using FuncChat.Web.Chat;
using FuncChat.Web.Files;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Fuzz;

/// <summary>A caller may send anything: the result is a valid request, or an error with a path.</summary>
public sealed class RequestParserFuzzTests() : FuzzTests("request-parser", seed: 611)
{
    private readonly ChatRequestParser _parser = new(
        new FakeModel().Catalog, new ToolCatalog(new GatedTools().All),
        new FileCheck(TestEngine.Create(_ => { }).GetRequiredService<FileService>()), Options.Create(new HttpApiOptions { MaxMessages = 5 }));

    protected override IReadOnlyList<string> Good { get; } =
    [
        """{"messages":[{"role":"user","content":"Hello"}],"model":"fake:model","tools":["Echo","Quick"],"turn_id":"turn-0001","temperature":0.7,"max_tokens":10}""",
        """
        {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"https://a.test/b.png"}}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"Echo","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"y"}]}
        """,
        """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"Echo","parameters":{}}}],"stream":true,"top_p":1,"frequency_penalty":0,"presence_penalty":-2}""",
    ];

    protected override IReadOnlyList<string> Tokens { get; } =
    [
        "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u0000", "\\ud83d", "\\ude00", "null", "true", "-1", "0.5", "1e999", "99999999999999999999", "\uFEFF", "\u2028", "\0",
        "\"messages\":", "\"role\":", "\"tool\"", "\"assistant\"", "\"user\"", "\"content\":", "\"tool_calls\":", "\"tool_call_id\":", "\"a\"", "\"model\":", "\"tools\":",
        "\"turn_id\":", "\"type\":", "\"text\"", "\"image_url\"", "\"url\":", "data:image/png;base64,", "{\"role\":\"user\",\"content\":\"x\"},", "\"__proto__\":", "[[[[[[[[", "{\"a\":",
    ];

    protected override void Check(byte[] input)
    {
        foreach (var forProxy in (bool[])[false, true])
        {
            var read = _parser.ParseAsync(input, ToolUser.Unknown, CancellationToken.None, forProxy).AsTask().GetAwaiter().GetResult();
            if (!read.Succeeded)
            {
                Assert.Equal(ErrorCode.InvalidRequest, read.Error.Code);
                Assert.StartsWith("$", read.Error.Path, StringComparison.Ordinal);
                continue;
            }

            // What passed can be gone through as the engine does.
            var turn = (ChatTurnRequest)read.Value.Turn;
            foreach (var message in turn.Messages)
            {
                using var json = JsonDocument.Parse(message.Utf8);
                Assert.NotEmpty(json.RootElement.GetProperty("role").GetString()!);
            }

            Assert.NotEmpty(new UntrustedResults(WebTools, "user").Mark(turn.Messages));
        }
    }

    private static readonly ToolCatalog WebTools = new([Tool.FromMethod(() => "", "Echo", "A tool that brings text from outside.", returnsUntrusted: true)]);
}
