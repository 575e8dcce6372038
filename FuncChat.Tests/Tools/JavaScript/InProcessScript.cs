using System.Runtime.InteropServices;
using System.Text.Json;
using FuncChat.Sandbox;
using FuncChat.Sandbox.Scripts;
using FuncChat.Tools.Sandboxes;

namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>A harmless script, run as the child does it but within the test's own process, which takes some milliseconds and no process.</summary>
internal sealed record InProcessScript(JsonElement? Value, string? Error, IReadOnlyList<string> Console, bool Truncated)
{
    public static async Task<InProcessScript> RunAsync(string code, int outputLimit = 2000)
    {
        using var output = new MemoryStream();
        // As the child does: on a thread with a large stack.
        var thread = new Thread(() =>
        {
            var writer = new FrameWriter(output);
            using var engine = new ScriptEngine(64 * 1024 * 1024, writer);
            ScriptRun.Run(engine, new SandboxRequest(MemoryMarshal.AsBytes(code.AsSpan()).ToArray(), TimeSpan.FromSeconds(60), outputLimit), writer);
        }, 16 * 1024 * 1024);
        thread.Start();
        thread.Join();

        output.Position = 0;
        var frames = new FrameReader(output, long.MaxValue);
        var script = new InProcessScript(null, null, [], Truncated: false);
        while (await frames.ReadAsync() is { } frame)
        {
            script = frame.Kind switch
            {
                SandboxProtocol.ConsoleLine => script with { Console = [.. script.Console, frame.Text] },
                SandboxProtocol.Truncated => script with { Truncated = true },
                SandboxProtocol.Value => script with { Value = JsonElement.Parse(frame.Text) },
                SandboxProtocol.Error => script with { Error = frame.Text },
                _ => throw new InvalidOperationException($"Unexpected frame '{(char)frame.Kind}'."),
            };
        }

        return script;
    }
}
