// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include <sys/types.h>

#include "esp_err.h"

#define ESP_TLS_ERR_SSL_WANT_READ (-0x6900)
#define ESP_TLS_ERR_SSL_WANT_WRITE (-0x6880)
typedef struct esp_tls esp_tls_t;
typedef struct esp_tls_last_error {
  esp_err_t last_error;
  int esp_tls_error_code;
  int esp_tls_flags;
} esp_tls_last_error_t;
typedef struct esp_tls_last_error* esp_tls_error_handle_t;
typedef struct esp_tls_cfg {
  const unsigned char* cacert_buf;
  unsigned int cacert_bytes;
  int timeout_ms;
  bool is_plain_tcp;
} esp_tls_cfg_t;
extern "C" esp_tls_t* esp_tls_init(void);
extern "C" int esp_tls_conn_new_sync(const char* hostname, int hostlen, int port, const esp_tls_cfg_t* cfg,
                                     esp_tls_t* tls);
extern "C" ssize_t esp_tls_conn_write(esp_tls_t* tls, const void* data, size_t datalen);
extern "C" ssize_t esp_tls_conn_read(esp_tls_t* tls, void* data, size_t datalen);
extern "C" int esp_tls_conn_destroy(esp_tls_t* tls);
extern "C" ssize_t esp_tls_get_bytes_avail(esp_tls_t* tls);
extern "C" esp_err_t esp_tls_get_conn_sockfd(esp_tls_t* tls, int* sockfd);
extern "C" esp_err_t esp_tls_get_error_handle(esp_tls_t* tls, esp_tls_error_handle_t* error_handle);
