namespace FuncChat.Bench.Servers;

/// <summary>The names of targets in results, tables and the chart.</summary>
internal static class TargetNames
{
    public const string FuncChat = "FuncChat";
    public const string Direct = "the upstream itself";
    public const string Nginx = "nginx `proxy_pass`";
    public const string ByteCopy = "Kestrel byte copy";
    public const string MicrosoftAi = "Microsoft.Extensions.AI";
    public const string AiSdk = "Vercel AI SDK (Node)";
    public const string ShortTurn = "FuncChat, 5,000 events";
    public const string LongTurn = "FuncChat, 50,000 events";
    public const string EmptyStore = "FuncChat, empty store";
    public const string FullStore = "FuncChat, 10,000 turns in the store";
}
