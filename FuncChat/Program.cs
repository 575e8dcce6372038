using FuncChat;
using FuncChat.Web;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

// Before the first socket: only the environment turns it on, and it is read once.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

try
{
    using var app = await Worker.BuildAsync(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    return wrong.Print();
}
