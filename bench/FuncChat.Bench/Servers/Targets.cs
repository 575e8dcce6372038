using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Bench.Servers;

/// <summary>FuncChat, its peers, and the upstream itself. Everything that run.sh builds and installs is in one folder; a peer that is missing is left out.</summary>
internal sealed class Targets(string tools)
{
    public const string ApiKey = "fck_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string Functions = "functions";
    private const string CompiledLate = "local-il";

    public Target Direct { get; } = new(TargetNames.Direct);

    public Target FuncChat => new(TargetNames.FuncChat)
    {
        Start = place => FuncChatIn(place, place.Folder),
        Path = "/api/chat",
        Marker = "data: {\"content\":\"",
        End = "event: complete\n",
        Body = static (model, withTools) => BodyOf($"bench:{model}", withTools),
        RunsTools = true,
    };

    public Target FuncChatInMemory => FuncChat with { Name = "FuncChat, log in memory", Start = place => FuncChatIn(place, "/dev/shm/funcchat-bench") };

    /// <summary>FuncChat, published without compiled code: the runtime compiles all of it.</summary>
    public Target FuncChatCompiledLate => FuncChat with
    {
        Name = "FuncChat without ReadyToRun",
        Start = place => FuncChatIn(place, place.Folder, CompiledLate),
        Needs = CompiledLate,
    };

    /// <summary>FuncChat on one store for all of its processes.</summary>
    public Target FuncChatOn(string store, string name) => FuncChat with { Name = name, Start = place => FuncChatIn(place, Path.Combine(Path.GetDirectoryName(place.Folder)!, store)) };

    /// <summary>FuncChat as it waits for a person to approve each tool call.</summary>
    public Target FuncChatWithApprovals => FuncChat with
    {
        Start = place => FuncChatIn(place, place.Folder, own: ("FuncChat__Approvals__Default", "Always")),
        End = "event: parked\n",
    };

    /// <summary>FuncChat in each of its wire formats.</summary>
    public IReadOnlyList<Target> Wires =>
    [
        FuncChat,
        FuncChat with
        {
            Name = "FuncChat, chat completions",
            HasEveryId = false,
            Path = "/api/v1/chat/completions",
            Marker = "\"delta\":{\"content\":\"",
            End = "data: [DONE]",
            Body = static (model, _) => $$"""{"model":"bench:{{model}}","messages":[{"role":"user","content":"Tell me a story."}],"stream":true}""",
        },
        FuncChat with
        {
            Name = "FuncChat, Responses",
            HasEveryId = false,
            Path = "/api/v1/responses",
            Marker = "\"delta\":\"",
            End = "event: response.completed",
            Body = static (model, _) => $$"""{"model":"bench:{{model}}","input":"Tell me a story.","stream":true,"store":false}""",
        },
        FuncChat with
        {
            Name = "FuncChat, UI messages",
            HasEveryId = false,
            Path = "/api/ui/chat",
            Marker = "\"delta\":\"",
            End = "data: [DONE]",
            Body = static (model, _) => $$"""{"model":"bench:{{model}}","messages":[{"id":"q1","role":"user","parts":[{"type":"text","text":"Tell me a story."}]}]}""",
        },
        FuncChat with
        {
            Name = "FuncChat, AG-UI",
            HasEveryId = false,
            Path = "/api/agui",
            Marker = "\"delta\":\"",
            End = "\"type\":\"RUN_FINISHED\"",
            HasIds = true,
            Body = static (model, _) => $$"""{"threadId":"thread-UNIQUE","runId":"run-UNIQUE","state":{},"messages":[{"id":"q1","role":"user","content":"Tell me a story."}],"tools":[],"context":[],"forwardedProps":{"model":"bench:{{model}}"} }""",
        },
    ];

    /// <summary>The same app as it is deployed: the Functions host, and the worker that it starts. Turns go to blobs.</summary>
    public Target FunctionsHost => FuncChat with
    {
        Name = "FuncChat in the Functions host",
        Needs = Functions,
        Start = place => WithSettings(
            new ProcessStartInfo("func", ["start", "--no-build", "--port", $"{place.Port}"]) { WorkingDirectory = Path.Combine(tools, Functions) },
            place, ("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"), ("AzureFunctionsJobHost__logging__logLevel__default", "Warning")),
    };

    public Target Nginx => new(TargetNames.Nginx) { Start = StartNginx, Needs = "nginx" };

    public Target ByteCopy => new(TargetNames.ByteCopy) { Start = place => StartPeer(place, "copy") };

    public Target MicrosoftAi => new(TargetNames.MicrosoftAi)
    {
        Start = place => StartPeer(place, "ai"),
        Marker = "data: {\"content\":\"",
        End = "event: complete\n",
        Body = BodyOf,
        Share = 0.25,
        RunsTools = true,
    };

    public Target AiSdk => new(TargetNames.AiSdk)
    {
        Start = StartAiSdk,
        Needs = Path.Combine("ai-sdk", "node_modules"),
        Marker = "\"delta\":\"",
        End = "data: [DONE]",
        Body = BodyOf,
        Share = 0.02,
        RunsTools = true,
    };

    public IReadOnlyList<Target> Peers => [Nginx, ByteCopy, FuncChat, MicrosoftAi, AiSdk];

    public bool IsHere(Target target) => target.Needs is null || Path.Exists(Path.Combine(tools, target.Needs));

    private static string BodyOf(string model, bool withTools) => Target.BodyOf(model, tools: withTools ? ["search_web"] : []);

    private ProcessStartInfo FuncChatIn(ServerPlace place, string data, string build = "local", params (string Name, string Value)[] own) => WithSettings(
        new ProcessStartInfo(Path.Combine(tools, build, "FuncChat.Local"), ["--urls", $"http://127.0.0.1:{place.Port}"]),
        place, [("ASPNETCORE_ENVIRONMENT", "Production"), ("FuncChat__DataPath", data), ("FuncChat__ServePage", "false"), .. own]);

    // As in production: signed in by a key, counted by the limits, every event in the log. Only that the limits are far.
    private static ProcessStartInfo WithSettings(ProcessStartInfo start, ServerPlace place, params (string Name, string Value)[] own)
    {
        (string Name, string Value)[] settings =
        [
            .. own,
            ("FuncChat__Providers__bench__Url", $"http://{place.Upstream}/v1"),
            ("FuncChat__Auth__ApiKeys__bench__Hash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey)))),
            ("FuncChat__Limits__RequestsPerMinute", "1000000000"),
            ("FuncChat__Limits__ToolRunsPerDay", "1000000000"),
            ("FuncChat__Limits__TokensPerDay", "1000000000000"),
            ("FuncChat__Threads__MaxPerUser", "100000"),
            ("FuncChat__Turns__MaxPerUser", "20000"),
            ("FuncChat__Turns__MaxPerProcess", "20000"),
            ("SEARXNG_URL", $"http://{place.Upstream}"),
            ("FuncChat__Web__AllowedPrivateHosts", $"{place.Upstream}"),
        ];
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    private ProcessStartInfo StartNginx(ServerPlace place)
    {
        var settings = File.ReadAllText(Path.Combine(tools, "nginx.conf"))
            .Replace("FOLDER", place.Folder, StringComparison.Ordinal)
            .Replace("UPSTREAM", place.Upstream.ToString(), StringComparison.Ordinal)
            .Replace("PORT", place.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var file = Path.Combine(place.Folder, "nginx.conf");
        File.WriteAllText(file, settings);
        return new ProcessStartInfo(Path.Combine(tools, "nginx"), ["-p", place.Folder, "-e", Path.Combine(place.Folder, "error.log"), "-c", file]);
    }

    private ProcessStartInfo StartPeer(ServerPlace place, string kind) => new(
        Path.Combine(tools, "peers", "FuncChat.Bench.Peers"), [kind, $"http://127.0.0.1:{place.Port}", $"http://{place.Upstream}"]);

    private ProcessStartInfo StartAiSdk(ServerPlace place) => new("node", ["server.js", $"{place.Port}", $"http://{place.Upstream}"])
    {
        WorkingDirectory = Path.Combine(tools, "ai-sdk"),
        Environment = { ["NODE_ENV"] = "production" },
    };
}
