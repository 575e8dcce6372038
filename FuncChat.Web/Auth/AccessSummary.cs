using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Auth;

/// <summary>Who may use the server, in a few words for its operator.</summary>
public static class AccessSummary
{
    public static string Of(IServiceProvider services) => services.GetRequiredService<IOptions<AuthSettings>>().Value switch
    {
        { AllowAnonymous: true } => "everyone who can reach this server, without sign-in",
        { LoopbackOnly: true } => "this machine only, without sign-in",
        { Providers.Count: 0 } => "programs with an API key",
        { Allowed.IsEmpty: true, ApiKeys.Count: 0 } => "no user yet: set ALLOWED_EMAILS",
        _ => "allowed users with a sign-in, and programs with an API key",
    };
}
