using FuncChat.Bench.Peers;

// copy|ai <own url> <upstream url>: one of the two peers in .NET, as their documentation recommends.
var (kind, url, upstream) = (args[0], args[1], args[2]);
var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls(url);
var app = builder.Build();
if (kind == "copy")
    app.MapByteCopy(new Uri(upstream));
else
    app.MapChatClient(new Uri(upstream));
await app.RunAsync();
